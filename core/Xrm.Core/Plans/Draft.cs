using System.Buffers;
using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>A record while a commit is being planned: as it is in the store, and what becomes of it.</summary>
internal sealed class Draft(RecordType type, Guid id, Record before, int edit)
{
    /// <summary>What came checked and packed; what is in <see cref="_set"/> takes its place.</summary>
    private ReadOnlyMemory<byte> _kept;
    private List<Setting>? _set;

    public RecordType Type { get; } = type;
    public Guid Id { get; } = id;
    /// <summary>As it is in the store; does not exist when it is being made.</summary>
    public Record Before { get; } = before;
    /// <summary>The first edit that touched it; faults are told of it.</summary>
    public int Edit { get; set; } = edit;
    /// <summary>The bits of its type's questions that hold before (<see cref="Access.TypeRights"/>).</summary>
    public uint Held { get; init; }
    public bool IsNew => !Before.Exists;
    /// <summary>How many fields are about to be set, as far as is known.</summary>
    public int Room { get; init; } = 1;
    /// <summary>Whether its type is parked, or it leads to what is: no more is done to it than what the end of another thing asks.</summary>
    public bool IsParked { get; init; }
    /// <summary>Whether it is deleted or taken away by this commit.</summary>
    public bool IsGone { get; set; }
    /// <summary>Whether an edit of this commit named its version, so that later ones need not.</summary>
    public bool IsVersioned { get; set; }
    /// <summary>Of a relationship; otherwise empty.</summary>
    public Guid Source { get; init; }
    /// <summary>Of a relationship; otherwise empty.</summary>
    public Guid Target { get; init; }
    public Period PeriodBefore => Before.Exists ? Before.Period : Period.Always;
    /// <summary>The period as it will be.</summary>
    public Period Period { get; set; } = before.Exists ? before.Period : Period.Always;
    /// <summary>The fields about to be set, and different from what is there.</summary>
    public IReadOnlyList<Setting> Set => _kept.IsEmpty ? _set ?? [] : Unpacked();
    /// <summary>The names of what the caller asked to set, for access.</summary>
    public HashSet<ModelField>? Asked { get; set; }
    /// <summary>The fields for which a value was given and refused.</summary>
    public HashSet<ModelField>? Refused { get; set; }
    /// <summary>State moves made: one of each must have all that it needs.</summary>
    public List<(ModelField Field, ImmutableArray<Move> Moves, int Edit)>? Moves { get; set; }

    /// <summary>Takes values of a new record as they are, in place of those that it has for the same fields.</summary>
    /// <param name="fields">Of a <see cref="KeptSet"/> of its type.</param>
    public void Take(ReadOnlyMemory<byte> fields)
    {
        if (_set is not null)
            Drop(_set, fields);
        _kept = fields;
    }

    public bool ChangesPeriod => Period != PeriodBefore;

    /// <summary>Whether anything of it will be different.</summary>
    public bool IsDifferent => IsNew ? !IsGone : IsGone || _set is { Count: > 0 } || ChangesPeriod;

    /// <summary>The canonical JSON of a field as it will be; false when it will have no value.</summary>
    public bool TryGet(ModelField field, out ReadOnlySpan<byte> json)
    {
        if (At(field) is var at and >= 0)
        {
            json = _set![at].Json;
            return json.Length > 0;
        }
        return Before.Exists ? Before.TryGet(field.Ordinal, out json) : FieldSet.TryGet(_kept.Span, field.Ordinal, out json);
    }

    /// <summary>A field's value as it will be, which must be there.</summary>
    public Operand Value(ModelField field)
    {
        if (At(field) is var at and >= 0)
            return new(_set![at].Value, _set[at].Json);
        TryGet(field, out var json);
        return new(ShapeValues.Read(field, json), json.ToArray());
    }

    /// <summary>Whether a field is about to be set.</summary>
    public bool Sets(ModelField field) => At(field) >= 0 || FieldSet.TryGet(_kept.Span, field.Ordinal, out _);

    /// <summary>Sets a field; to what it is in the store: leaves it as it is.</summary>
    /// <param name="json">Empty to empty it.</param>
    public void Put(ModelField field, object? value, byte[] json)
    {
        if (At(field) is var at and >= 0)
            _set!.RemoveAt(at);
        FieldSet.TryGet(Before.Exists ? Before.Fields : _kept.Span, field.Ordinal, out var isThere);
        if (!isThere.SequenceEqual(json))
            (_set ??= new(Room)).Add(new(field, value, json));
    }

    /// <summary>The settings as a field set. Nothing of the draft changes: others may look at it meanwhile.</summary>
    public ReadOnlyMemory<byte> SetBytes()
    {
        if (_set is not { Count: > 0 })
            return _kept;
        var length = 0;
        foreach (var setting in _set)
            length += FieldSet.LengthOf(setting.Field.Ordinal, setting.Json);
        var set = new byte[length];
        var at = 0;
        for (var i = Next(_set, -1); i >= 0; i = Next(_set, _set[i].Field.Ordinal))
            at = FieldSet.Write(set, at, _set[i].Field.Ordinal, _set[i].Json);
        if (_kept.IsEmpty)
            return set;
        var all = new ArrayBufferWriter<byte>(_kept.Length + set.Length);
        FieldSet.Merge(_kept.Span, set, all);
        return all.WrittenMemory;
    }

    /// <summary>All its fields as they will be.</summary>
    public byte[] FieldBytes()
    {
        var all = new ArrayBufferWriter<byte>();
        FieldSet.Merge(Before.Exists ? Before.Fields : default, SetBytes().Span, all);
        return all.WrittenSpan.ToArray();
    }

    /// <summary>The setting of the field that comes next behind an ordinal; -1 when there is none. A thing has few fields: looking at all of them for each takes less than sorting them.</summary>
    private static int Next(List<Setting> set, int ordinal)
    {
        var next = -1;
        for (var i = 0; i < set.Count; i++)
            if (set[i].Field.Ordinal > ordinal && (next < 0 || set[i].Field.Ordinal < set[next].Field.Ordinal))
                next = i;
        return next;
    }

    // Of its own, so that what the lambda needs is not made for each record of a file.
    private static void Drop(List<Setting> set, ReadOnlyMemory<byte> fields) => set.RemoveAll(s => FieldSet.TryGet(fields.Span, s.Field.Ordinal, out _));

    private int At(ModelField field)
    {
        for (var i = 0; i < _set?.Count; i++)
            if (_set[i].Field == field)
                return i;
        return -1;
    }

    private List<Setting> Unpacked()
    {
        var all = new List<Setting>(_set ?? []);
        var kept = FieldSet.Each(_kept.Span);
        while (kept.MoveNext())
            if (Type.ByOrdinal[kept.Ordinal] is var field && At(field) < 0)
                all.Add(new(field, ShapeValues.Read(field, kept.Json), kept.Json.ToArray()));
        return all;
    }

    /// <summary>A field's value to be.</summary>
    /// <param name="Value">In the CLR form of the shape; null empties the field.</param>
    /// <param name="Json">Its canonical JSON; empty when null.</param>
    internal readonly record struct Setting(ModelField Field, object? Value, byte[] Json);
}
