using Microsoft.Extensions.Logging.Console;
using Xrm.Host.Settings;

namespace Xrm.Host;

/// <summary>The log on standard error.</summary>
internal static class Logs
{
    public static ILoggerFactory Of(HostSettings settings) => LoggerFactory.Create(builder => Configure(builder, settings));

    public static void Configure(ILoggingBuilder builder, HostSettings settings)
    {
        builder.ClearProviders();
        builder.SetMinimumLevel(settings.LogLevel);
        // What keeps a host from starting is told to whoever started it, in words of ours.
        builder.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // Who is told of no request need not pay for what would be told: a trace and a scope for each.
        if (settings.LogLevel > LogLevel.Information)
            builder.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.AddSimpleConsole(o => (o.SingleLine, o.ColorBehavior) = (true, LoggerColorBehavior.Disabled));
        builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
