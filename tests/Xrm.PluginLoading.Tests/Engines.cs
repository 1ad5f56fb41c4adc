using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;

namespace Xrm.PluginLoading.Tests;

internal static class Engines
{
    /// <summary>An engine on a store that keeps nothing past its own life.</summary>
    public static ValueTask<Engine> Open() => Engine.Open(ImageStore.Open(new MemoryJournal()), new(), TestContext.Current.CancellationToken);
}
