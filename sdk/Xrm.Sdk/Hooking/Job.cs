namespace Xrm.Sdk;

/// <summary>Something that a plugin does again and again: first one interval after it starts, then one interval after it last ended. It never runs twice at once.</summary>
/// <param name="Name">Lower case letters, digits and hyphens: the name under which the plugin asked for it (<see cref="PermissionBuilder.Schedule"/>).</param>
/// <param name="Run">Does it; one that fails is logged and tried again at its next turn. The token ends when the plugin goes.</param>
public sealed record Job(string Name, Func<CancellationToken, ValueTask> Run);
