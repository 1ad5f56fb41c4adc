using Xrm.Core.Plans;
using Xrm.Sdk;
using Handler = System.Func<Xrm.Sdk.Receipt, System.Threading.CancellationToken, System.Threading.Tasks.ValueTask>;

namespace Xrm.Core.Running;

/// <summary>Tells plugins of what was written. Whatever becomes of that does not reach whoever committed.</summary>
internal sealed class SavedHandlers(EngineOptions options)
{
    /// <summary>Tells them, one after the other; answers when all know, or when one call's time is over: the rest is then told behind the caller's back.</summary>
    /// <param name="cancellation">The caller's. What is durable is told all the same.</param>
    public async ValueTask Tell(Force force, Receipt receipt, CancellationToken cancellation)
    {
        if (receipt.IsReplay || receipt.Written.IsEmpty || force.Attachments.IsEmpty)
            return;
        var types = receipt.Written.Select(w => w.Type).Distinct().ToArray();
        var told = new List<(Attachment Attachment, Label What, Handler Handler)>();
        foreach (var attachment in force.Attachments)
            foreach (var handler in types.SelectMany(t => attachment.Hooks.Saved(t).Handlers.Select(h => (Type: t, Handler: h))).DistinctBy(h => h.Handler))
                told.Add((attachment, HookCalls.Named("Saved", handler.Type), handler.Handler));
        if (told.Count == 0)
            return;
        await Tell(told, receipt).WaitAsync(options.HookTime, options.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Tell(List<(Attachment Attachment, Label What, Handler Handler)> told, Receipt receipt)
    {
        foreach (var (attachment, what, handler) in told)
            try
            {
                await HookCalls.One(attachment, options, options.HookTime, what, handler, receipt, CancellationToken.None);
            }
            catch (Exception e)
            {
                // A problem of the plugin's own: it has nobody to refuse any more.
                Notices.HookFailed(options.Log, e, what.En, attachment.Plugin);
            }
    }
}
