using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;

namespace Xrm.PluginLoading.Tests;

internal static class Engines
{
    /// <summary>An engine on a store that keeps nothing past its own life.</summary>
    public static ValueTask<Engine> Open(MemoryJournal journal) => Engine.Open(ImageStore.Open(journal), new(), TestContext.Current.CancellationToken);
}
