using Xrm.Core.Files;
using Xrm.Sdk;

namespace Xrm.Host.Files;

/// <summary>Has contents that nothing names taken away, once an hour as long as the host serves.</summary>
internal static partial class FileSweeper
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>Goes on until it is told to stop.</summary>
    public static async Task Run(IFiles files, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
                try
                {
                    if (await files.Sweep(cancellation) is var swept and > 0)
                        Swept(log, swept);
                }
                catch (Exception e) when (e is Problem or IOException)
                {
                    Failed(log, e);
                }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} files that nothing names were taken away")]
    private static partial void Swept(ILogger log, int count);

    [LoggerMessage(LogLevel.Warning, "Files that nothing names could not be taken away; it is tried again in an hour")]
    private static partial void Failed(ILogger log, Exception reason);
}
