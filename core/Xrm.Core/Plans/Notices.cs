using Microsoft.Extensions.Logging;

namespace Xrm.Core.Plans;

/// <summary>What the engine tells its log. No values of fields, no names of people.</summary>
internal static partial class Notices
{
    [LoggerMessage(1, LogLevel.Information, "{Actor} met a value of the key {Type}.{Key} that a thing hidden from it holds")]
    public static partial void UnseenKey(ILogger log, string actor, string type, string key);

    [LoggerMessage(2, LogLevel.Information, "{Actor} could not delete {Type} {Id}: relationships {End} still hold")]
    public static partial void Restricted(ILogger log, string actor, string type, Guid id, string end);

    [LoggerMessage(3, LogLevel.Error, "{Hook} of plugin {Plugin} failed")]
    public static partial void HookFailed(ILogger log, Exception exception, string hook, string plugin);

    [LoggerMessage(4, LogLevel.Error, "{Hook} of plugin {Plugin} did not end within {Seconds} seconds; its thread is left to it")]
    public static partial void HookTooLate(ILogger log, string hook, string plugin, double seconds);

    [LoggerMessage(5, LogLevel.Information, "{Actor} put a model in force: {Added} added, {Removed} removed, {Changed} changed")]
    public static partial void ModelChanged(ILogger log, string actor, int added, int removed, int changed);

    [LoggerMessage(6, LogLevel.Error, "A migration of plugin {Plugin} to {Version} failed on {Type}")]
    public static partial void MigrationFailed(ILogger log, Exception exception, string plugin, string version, string type);
}
