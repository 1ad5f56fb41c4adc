using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;

namespace Xrm.PluginLoading.Tests;

internal static class Engines
{
    /// <summary>An engine on a store that keeps nothing past its own life.</summary>
    public static ValueTask<Engine> Open(MemoryJournal journal, TimeSpan? hookTime = null) =>
        Engine.Open(ImageStore.Open(journal), hookTime is { } time ? new() { HookTime = time } : new(), TestContext.Current.CancellationToken);
}
