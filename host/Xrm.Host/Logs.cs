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
        builder.AddSimpleConsole(o => (o.SingleLine, o.ColorBehavior) = (true, LoggerColorBehavior.Disabled));
        builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
