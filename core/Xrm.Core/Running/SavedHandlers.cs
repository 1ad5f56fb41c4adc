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
        if (Asked(force, receipt) is { } asked)
            await Tell(asked, receipt).WaitAsync(options.HookTime, options.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Each handler of each plugin once, with the first type that it is told of; null when there is none.</summary>
    private static List<(Attachment Attachment, Label What, Handler Handler)>? Asked(Force force, Receipt receipt)
    {
        var types = new List<string>();
        foreach (var written in receipt.Written)
            if (!types.Contains(written.Type))
                types.Add(written.Type);
        List<(Attachment, Label, Handler)>? asked = null;
        foreach (var attachment in force.Attachments)
        {
            HashSet<Handler>? known = null;
            foreach (var type in types)
                foreach (var registration in attachment.Hooks.Saved(type).Registrations)
                    if ((known ??= []).Add(registration.Handler))
                        (asked ??= []).Add((attachment, HookCalls.Named("Saved", type), registration.Handler));
        }
        return asked;
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
