using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>Whether a thing is still as the caller read it, and what to do when it is not.</summary>
internal sealed class Staleness(PlanContext context)
{
    /// <summary>Checks the version that an edit names; false when the edit is not to be applied.</summary>
    public async ValueTask<bool> Check(Draft draft, int? expected, Values values, Edit edit, int at, CancellationToken cancellation)
    {
        if (draft.IsNew)
            return true;
        if (expected is not { } version)
        {
            if (draft.IsVersioned || context.Commit.OnConflict == OnConflict.Overwrite)
                return true;
            context.Faults.Invalid(at, "expectedVersion", "expectedVersion",
                "Indiquer la version lue (expectedVersion), ou demander d'écraser (onConflict: OVERWRITE).", "Give the version that was read (expectedVersion), or ask to overwrite (onConflict: OVERWRITE).");
            return false;
        }
        draft.IsVersioned = true;
        if (version == draft.Before.Version || context.Commit.OnConflict == OnConflict.Overwrite)
            return true;
        var past = version > 0 && version < draft.Before.Version ? await Past.Walk(context.Log, draft.Before, version, cancellation) : null;
        var isPlain = edit is Edit.Update or Edit.Change or Edit.End;
        if (context.Commit.OnConflict == OnConflict.Merge && isPlain && past is { IsWhole: true } && !Touches(draft, past, values, edit))
            return true;
        context.Faults.Add(new Fault(ProblemCode.Conflict, Label.Of(
            $"{draft.Type.Label.Fr} {draft.Id} a été modifié entre-temps (version {draft.Before.Version}, lue : {version}).",
            $"{draft.Type.Label.En} {draft.Id} was changed meanwhile (version {draft.Before.Version}, read: {version})."), Rule: "version")
        {
            Edit = at,
            Conflicts = [.. Named(draft, past, values, edit).Select(n => Conflict(draft, past, n, values))],
        });
        return false;
    }

    private static bool Touches(Draft draft, Past past, Values values, Edit edit) =>
        edit is Edit.Update { Move: { } move } && draft.Type.Fields.Any(f => past.Changed(f) && f.Description.Type.Moves.Any(m => m.Name == move))
        || values.Any(v => draft.Type.ByName.TryGetValue(v.Key, out var field) && past.Changed(field));

    /// <summary>The fields that the edit sets; of an edit that sets none, those changed meanwhile.</summary>
    private static IEnumerable<ModelField> Named(Draft draft, Past? past, Values values, Edit edit)
    {
        var named = values.Select(v => draft.Type.ByName.GetValueOrDefault(v.Key)).OfType<ModelField>()
            .Where(f => f.Builtin is Builtin.None or Builtin.ValidFrom or Builtin.ValidTo);
        return edit is Edit.Update or Edit.Change or Edit.End || past is null ? named : draft.Type.ByName.Values.Where(past.Changed);
    }

    private FieldConflict Conflict(Draft draft, Past? past, ModelField field, Values values)
    {
        var isSeen = context.View.Of(draft.Type).Sees(field, draft.Held);
        values.TryGet(field.Name, out var yours);
        var theirs = Past.Value(field, draft.Before.Fields, draft.Before.Period);
        return new(field.Name, isSeen ? past?.Value(field) : null, isSeen ? theirs : null, yours);
    }
}

/// <summary>A record as it was at an earlier version: what changed since, and what it was before.</summary>
internal sealed class Past
{
    private readonly HashSet<int> _changed = [];
    private readonly byte[] _fields;

    private Past(byte[] fields, Period now) => (_fields, Period, Now) = (fields, now, now);

    private Period Now { get; }
    private Period Period { get; set; }
    /// <summary>Whether every change since is still known.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Walks back to a version.</summary>
    public static async ValueTask<Past> Walk(ILog log, Record now, int version, CancellationToken cancellation)
    {
        var before = new SortedDictionary<int, byte[]>();
        var past = new Past(now.Fields.ToArray(), now.Period);
        var place = now.LastChange;
        for (var at = now.Version; at > version && place != Cursor.Start; at--)
        {
            var change = await log.At(place, cancellation);
            past.IsWhole &= !change.IsErased;
            var fields = FieldSet.Each(change.Before);
            while (fields.MoveNext())
            {
                past._changed.Add(fields.Ordinal);
                before[fields.Ordinal] = fields.Json.ToArray();
            }
            past.Period = change.PeriodBefore;
            place = change.Previous;
        }
        return past.With(before);
    }

    private Past With(SortedDictionary<int, byte[]> before)
    {
        var set = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var (ordinal, json) in before)
            FieldSet.Append(set, ordinal, json);
        var all = new System.Buffers.ArrayBufferWriter<byte>();
        FieldSet.Merge(_fields, set.WrittenSpan, all);
        var past = new Past(all.WrittenSpan.ToArray(), Now) { Period = Period, IsWhole = IsWhole };
        past._changed.UnionWith(_changed);
        return past;
    }

    /// <summary>Whether a field was changed since.</summary>
    public bool Changed(ModelField field) => field.Builtin switch
    {
        Builtin.None => _changed.Contains(field.Ordinal),
        Builtin.ValidFrom => Now.From != Period.From,
        Builtin.ValidTo => Now.To != Period.To,
        _ => false,
    };

    /// <summary>What a field held then.</summary>
    public object? Value(ModelField field) => Value(field, _fields, Period);

    public static object? Value(ModelField field, ReadOnlySpan<byte> fields, Period period) => field.Builtin switch
    {
        Builtin.None => FieldSet.TryGet(fields, field.Ordinal, out var json) && json.Length > 0 ? ShapeValues.Read(field, json) : null,
        Builtin.ValidFrom => period.From,
        Builtin.ValidTo => period.To,
        _ => null,
    };
}
