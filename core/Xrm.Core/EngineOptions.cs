using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Xrm.Core;

/// <summary>What an engine needs besides its store.</summary>
internal sealed record EngineOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;
    /// <summary>The authority's zone; its day is "today".</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
    public ILogger Log { get; init; } = NullLogger.Instance;
    /// <summary>How often a commit is planned anew when its guards fail before it is refused as Unavailable. One that waits its turn can still be overtaken by others' first attempts: many commits at once need many.</summary>
    public int Attempts { get; init; } = 64;
    /// <summary>How long one call of a plugin's handler may take. One that takes longer is left behind with its thread.</summary>
    public TimeSpan HookTime { get; init; } = TimeSpan.FromSeconds(5);
}
