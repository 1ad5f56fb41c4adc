using Xrm.Core.Access;
using Xrm.Core.Files;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>Makes a commit ready for a store: checks all of it against model, rights and data, runs the plugins' Saving handlers, and says what must still be true when it is written.</summary>
internal sealed class Planner(PlanContext context, SavingHandlers handlers)
{
    private const int Many = 2000;

    /// <summary>Plans.</summary>
    /// <exception cref="Problem">Invalid, NotFound, Conflict or Forbidden: every fault that was found.</exception>
    public async ValueTask<WritePlan> Plan(CancellationToken cancellation)
    {
        var book = new DraftBook(context);
        var setter = new ValueSetter(context);
        await book.Load(cancellation);
        await new EditApplier(context, book, setter, new Staleness(context)).Apply(cancellation);
        // Handlers see only what is right in itself; what they set is checked like the rest. Where something is wrong already, what the caller left out is told with it.
        if (context.Faults.Any)
            FieldRules.Check(book, context.Faults, beforeHandlers: true);
        context.Faults.ThrowIfAny();
        var seen = await handlers.Run(context, book, setter, cancellation);
        FieldRules.Check(book, context.Faults, beforeHandlers: false);
        // What a large commit makes is written down on one core while another looks whether it may; where things go, their relationships are still to be touched.
        var ahead = book.Drafts.Count > Many && !book.Drafts.Any(d => d.IsGone) ? Task.Run(() => Edits(book), cancellation) : null;
        var links = new LinkBook(context, book);
        await new LinkRules(context, book, links).Check(cancellation);
        var keys = new KeyRules(context, book);
        await keys.Check(cancellation);
        var rights = context.MayAll ? [] : await new WriteRights(context, book, links).Check(cancellation);
        var files = await new FileRules(context, book).Check(cancellation);
        context.Faults.ThrowIfAny();
        var versions = book.Versions();
        return new WritePlan(context.Commit.Id.Value, context.Actor.Id, ahead is null ? Edits(book) : await ahead, [.. versions, .. links.Guards, .. keys.Guards, .. rights, .. files, .. seen, new Guard.ModelIs(context.Model.Version)]) { MakesAnew = true };
    }

    /// <summary>What is made or changed in the order in which it was touched, then what goes.</summary>
    private static List<RecordEdit> Edits(DraftBook book)
    {
        var edits = new List<RecordEdit>(book.Drafts.Count);
        foreach (var isGone in (ReadOnlySpan<bool>)[false, true])
            foreach (var draft in book.Drafts)
                if (draft.IsGone == isGone && draft.IsDifferent)
                    edits.Add(Edit(draft));
        return edits;
    }

    private static RecordEdit Edit(Draft draft)
    {
        var isLink = draft.Type is ModelRelationship;
        var kind = draft.IsNew ? isLink ? ChangeKind.Related : ChangeKind.Created
            : draft.IsGone ? isLink ? ChangeKind.Unrelated : ChangeKind.Deleted
            : isLink ? ChangeKind.Changed : ChangeKind.Updated;
        return new RecordEdit(kind, draft.Type, draft.Id, draft.IsGone ? default : draft.SetBytes())
        {
            Period = !draft.IsGone && draft.ChangesPeriod ? draft.Period : null,
            Source = draft.IsNew ? draft.Source : default,
            Target = draft.IsNew ? draft.Target : default,
        };
    }
}
