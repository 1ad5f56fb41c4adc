using Xrm.Core.Access;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>Whether the actor may leave things as the commit leaves them: a grant's filter must hold afterwards too, so that nobody writes a thing out of or into what is not theirs.</summary>
internal sealed class WriteRights(PlanContext context, DraftBook book, LinkBook links)
{
    /// <summary>Looks at all that the caller asked to make or change; what handlers and deletion rules changed besides is the model's doing.</summary>
    /// <returns>That what was looked at is still so.</returns>
    public async ValueTask<IReadOnlyList<Guard>> Check(CancellationToken cancellation)
    {
        var source = new DraftLinks(context, book, links);
        var evaluation = new Evaluation(source);
        foreach (var draft in book.Drafts.ToArray())
        {
            if (draft.IsGone || !draft.IsNew && draft.Asked is null)
                continue;
            var rights = context.View.Of(draft.Type);
            var held = rights.IsPlain ? 0 : await evaluation.Held(rights, State.Of(draft, context.Now), cancellation);
            var right = draft.IsNew ? Rights.Create : Rights.Update;
            if (!rights.May(right, held) || draft.IsNew && !rights.Sees(held))
            {
                context.Faults.Forbidden(draft.Edit, null, draft.Type);
                continue;
            }
            foreach (var field in draft.Asked ?? [])
                if (!rights.May(right, field, held))
                    context.Faults.Forbidden(draft.Edit, field.Name, draft.Type);
        }
        return source.Guards;
    }
}
