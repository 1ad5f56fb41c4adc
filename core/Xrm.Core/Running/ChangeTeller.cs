using Xrm.Core.Access;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Tells recorded changes as one actor may see them, with today's rights. Where a right depends on a thing's own values, it counts when it holds now and held at the change.</summary>
internal sealed class ChangeTeller(CompiledModel model, AccessView view, ISnapshot snapshot, ILog log)
{
    /// <summary>The type that a change of the model is told with; no plugin can give it to a type of its own.</summary>
    public const string OfModel = "Model";
    private readonly Evaluation _evaluation = new(new SnapshotLinks(model, snapshot));
    private readonly Chronicle _chronicle = new(log);
    private readonly Dictionary<Guid, (Row Row, Dictionary<Cursor, Chronicle.Step> Steps)> _known = [];

    /// <summary>The changes of a seen thing behind a place, oldest first.</summary>
    public async ValueTask<IReadOnlyList<Change>> History(Row row, Cursor after, CancellationToken cancellation)
    {
        var type = model.ByOrdinal[row.Entity.TypeOrdinal];
        var steps = await _chronicle.Back(State.Of(row.Entity, type), row.Entity.LastChange, after, cancellation);
        var told = new List<Change>();
        for (var i = steps.Count - 1; i >= 0; i--)
            told.AddRange(await Tell(steps[i], type, row.Masks, cancellation));
        return told;
    }

    /// <summary>What of a change may be told; nothing, where none of it.</summary>
    public async ValueTask<IReadOnlyList<Change>> Tell(RecordChange change, CancellationToken cancellation)
    {
        if (change.Kind == ChangeKind.Model)
            return [Bare(change, ChangeKind.Model, OfModel) with { After = view.SeesAll && change.Model is { } model ? ModelRecord.NoteOf(model) : null }];
        if (change.IsErased || !model.ByOrdinal.TryGetValue(change.TypeOrdinal, out var type) || !view.Of(type).SeesAny)
            return [];
        var rights = view.Of(type);
        if (type is ModelRelationship relationship && !await SeesEnds(relationship, change, cancellation))
            return [];
        if (change.Kind is ChangeKind.Deleted or ChangeKind.Unrelated)
            return rights.IsPlain || rights.Sees(await _evaluation.Held(rights, Last(change, type), cancellation)) ? [Bare(change, change.Kind, type.Name)] : [];
        if (rights.IsPlain)
            return Fields(change, type, rights, 0, 0);
        // What is gone is told only where nothing depends on what it was.
        if (await Current(change, type, rights, cancellation) is not { } now || !now.Steps.TryGetValue(change.Place, out var step))
            return [];
        return await Tell(step, type, type is ModelRelationship ? now.Row.LinkMasks : now.Row.Masks, cancellation);
    }

    private async ValueTask<IReadOnlyList<Change>> Tell(Chronicle.Step step, RecordType type, uint now, CancellationToken cancellation)
    {
        var rights = view.Of(type);
        if (step.Change.IsErased)
            return [];
        if (step.Change.Kind is ChangeKind.Deleted or ChangeKind.Unrelated)
            return step.Before is { } last && (rights.IsPlain || rights.Sees(await _evaluation.Held(rights, last, cancellation))) ? [Bare(step.Change, step.Change.Kind, type.Name)] : [];
        if (rights.IsPlain)
            return Fields(step.Change, type, rights, 0, 0);
        var before = step.Before is { } was ? await _evaluation.Held(rights, was, cancellation) : 0;
        var after = await _evaluation.Held(rights, step.After, cancellation);
        if (!rights.Sees(after))
            return step.Before is not null && rights.Sees(before) ? [Bare(step.Change, ChangeKind.Left, type.Name)] : [];
        if (!rights.Sees(now & after))
            return [];
        return Fields(step.Change, type, rights, now & before, now & after);
    }

    /// <summary>One change for each field that may be told.</summary>
    private static List<Change> Fields(RecordChange change, RecordType type, TypeRights rights, uint before, uint after)
    {
        var told = new List<Change>();
        if (change.Kind == ChangeKind.Related)
        {
            told.Add(Of("source", null, new EntityId(change.Source)));
            told.Add(Of("target", null, new EntityId(change.Target)));
        }
        var isNew = change.Kind is ChangeKind.Created or ChangeKind.Related;
        foreach (var field in type.Fields)
        {
            var old = Value(change.Before, field);
            var now = Value(change.After, field);
            if (old is null && now is null)
                continue;
            old = Seen(field, before) ? old : null;
            now = Seen(field, after) ? now : null;
            if (old is not null || now is not null)
                told.Add(Of(field.Name, old, now));
        }
        if (type.IsDated)
        {
            var was = isNew ? Period.Always : change.PeriodBefore;
            // What was not seen before has no days before either.
            var wasSeen = rights.IsPlain || rights.Sees(before);
            if (was.From != change.PeriodAfter.From)
                told.Add(Of("validFrom", wasSeen ? was.From : null, change.PeriodAfter.From));
            if (was.To != change.PeriodAfter.To)
                told.Add(Of("validTo", wasSeen ? was.To : null, change.PeriodAfter.To));
        }
        if (told.Count == 0)
            told.Add(Bare(change, change.Kind, type.Name));
        return told;

        bool Seen(ModelField field, uint held) => rights.IsPlain ? rights.Of(field).IsAlways : rights.Sees(held) && rights.Sees(field, held);

        static object? Value(byte[] set, ModelField field) =>
            FieldSet.TryGet(set, field.Ordinal, out var json) && json.Length > 0 ? ShapeValues.Read(field, json) : null;

        Change Of(string field, object? old, object? now) => Bare(change, change.Kind, type.Name) with { Field = field, Before = old, After = now };
    }

    private static Change Bare(RecordChange change, ChangeKind kind, string type) =>
        new(change.Place, new EntityId(change.CommitId), change.At, change.Actor, kind, type, new EntityId(change.Id), null, null, null);

    /// <summary>What a deleted record was last.</summary>
    private static State Last(RecordChange change, RecordType type) =>
        new(type, change.Id, change.Version - 1, change.At, change.At, change.PeriodBefore, change.Before);

    /// <summary>A relationship is seen where both ends are: those that are there by what they are now, those that are gone where their type is seen whatever they were.</summary>
    private async ValueTask<bool> SeesEnds(ModelRelationship relationship, RecordChange change, CancellationToken cancellation)
    {
        if (Plain(relationship.Source) && Plain(relationship.Target))
            return true;
        var (source, target) = (change.Source, change.Target);
        if (source == Guid.Empty && await Link(relationship, change.Id, cancellation) is { } link)
            (source, target) = (link.Source, link.Target);
        return await Sees(relationship.Source, source, cancellation) && await Sees(relationship.Target, target, cancellation);

        bool Plain(ModelEnd end) => end.Types.All(t => view.Of(t) is { SeesAny: true, IsPlain: true });
    }

    private async ValueTask<Record?> Link(ModelRelationship relationship, Guid id, CancellationToken cancellation)
    {
        var rows = await snapshot.Read(new ReadStep.Links(relationship, [id]) { Views = [.. relationship.Target.Types.Select(TypeView.Of)] }, cancellation);
        return rows.Items.Length > 0 ? rows.Items[0].Link : null;
    }

    private async ValueTask<bool> Sees(ModelEnd end, Guid id, CancellationToken cancellation)
    {
        var rows = await snapshot.Read(new ReadStep.ById([id]) { Views = [.. end.Types.Select(t => new TypeView(t, view.Of(t).Where, []))] }, cancellation);
        return rows.Items.Length > 0;
    }

    /// <summary>A record as it is now and each step of its past; null when it is gone.</summary>
    private async ValueTask<(Row Row, Dictionary<Cursor, Chronicle.Step> Steps)?> Current(RecordChange change, RecordType type, TypeRights rights, CancellationToken cancellation)
    {
        if (_known.TryGetValue(change.Id, out var known))
            return known.Row.Entity.Exists || known.Row.Link.Exists ? known : null;
        var rows = type is ModelRelationship relationship
            ? await snapshot.Read(new ReadStep.Links(relationship, [change.Id]) { Views = [.. relationship.Target.Types.Select(TypeView.Of)], LinkMasks = rights.Questions }, cancellation)
            : await snapshot.Read(new ReadStep.ById([change.Id]) { Views = [new TypeView((ModelType)type, null, rights.Questions)] }, cancellation);
        // Feeds run over many things: what was learnt of earlier ones is dropped now and then.
        if (_known.Count > 10_000)
            _known.Clear();
        if (rows.Items.Length == 0)
        {
            _known[change.Id] = default;
            return null;
        }
        var row = rows.Items[0];
        var record = type is ModelRelationship ? row.Link : row.Entity;
        var steps = await _chronicle.Back(State.Of(record, type), record.LastChange, Cursor.Start, cancellation);
        known = (row, steps.ToDictionary(s => s.Change.Place));
        _known[change.Id] = known;
        return known;
    }
}

/// <summary>A recorded change and what one actor may see of it.</summary>
internal readonly record struct ToldChange(RecordChange Recorded, IReadOnlyList<Change> Changes);
