using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Takes plugins out of memory whose hooks are in force no more: waits for the requests that began on them, disposes of their services, lets their code go, and proves that it went.</summary>
internal sealed class Retirement(PluginHostOptions options, ILogger log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>What came of it.</summary>
    /// <param name="Held">What holds the code of a plugin that did not go, by id; empty when all went.</param>
    internal sealed record Outcome(ImmutableDictionary<string, Label> Held);

    /// <summary>Retires plugins.</summary>
    /// <param name="gone">Emptied at once: nothing else may hold them.</param>
    /// <param name="force">What they took part in.</param>
    public async Task<Outcome> Run(List<RunningPlugin> gone, WeakReference force)
    {
        await Task.Yield();
        await Until(() => !force.IsAlive, options.Grace).ConfigureAwait(false);
        var codes = await LetGo(gone).ConfigureAwait(false);
        if (await Until(() => codes.TrueForAll(c => !c.Code.IsAlive), options.Grace).ConfigureAwait(false))
            return new(ImmutableDictionary<string, Label>.Empty);
        var held = ImmutableDictionary.CreateBuilder<string, Label>(StringComparer.Ordinal);
        foreach (var (id, assembly, _) in codes.Where(c => c.Code.IsAlive))
        {
            held[id] = HolderSearch.Find(assembly);
            log.LogWarning("The code of plugin {Plugin} could not be unloaded: {Holder}", id, held[id].En);
        }
        return new(held.ToImmutable());
    }

    /// <summary>Disposes of each, the last first. In a method of its own, so that nothing of it is on the stack or in a task that waits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<List<(string Id, string Assembly, WeakReference Code)>> LetGo(List<RunningPlugin> gone)
    {
        var codes = new List<(string, string, WeakReference)>();
        for (var i = gone.Count - 1; i >= 0; i--)
        {
            var id = gone[i].Manifest.Id;
            codes.Add((id, gone[i].Loaded.Code.Assembly.FullName!, new(gone[i].Loaded.Code.Assembly)));
            try
            {
                await gone[i].DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                log.LogError(e, "A service of plugin {Plugin} failed while it was disposed of", id);
            }
            gone.RemoveAt(i);
        }
        return codes;
    }

    /// <summary>Collects memory now and then until something is so; by the machine's clock. False when it did not come about in time.</summary>
    private static async Task<bool> Until(Func<bool> isSo, TimeSpan most)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (isSo())
                return true;
            if (TimeProvider.System.GetElapsedTime(start) > most)
                return false;
            await Task.Delay(pause, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
