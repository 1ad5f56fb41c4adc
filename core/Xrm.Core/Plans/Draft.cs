using System.Buffers;
using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>A record while a commit is being planned: as it is in the store, and what becomes of it.</summary>
internal sealed class Draft(RecordType type, Guid id, Record before, int edit)
{
    private readonly List<Setting> _set = [];

    public RecordType Type { get; } = type;
    public Guid Id { get; } = id;
    /// <summary>As it is in the store; does not exist when it is being made.</summary>
    public Record Before { get; } = before;
    /// <summary>The first edit that touched it; faults are told of it.</summary>
    public int Edit { get; set; } = edit;
    /// <summary>The bits of its type's questions that hold before (<see cref="Access.TypeRights"/>).</summary>
    public uint Held { get; init; }
    public bool IsNew => !Before.Exists;
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
    public IReadOnlyList<Setting> Set => _set;
    /// <summary>The names of what the caller asked to set, for access.</summary>
    public HashSet<ModelField>? Asked { get; set; }
    /// <summary>The fields for which a value was given and refused.</summary>
    public HashSet<ModelField>? Refused { get; set; }
    /// <summary>State moves made: one of each must have all that it needs.</summary>
    public List<(ModelField Field, ImmutableArray<Move> Moves, int Edit)>? Moves { get; set; }

    /// <summary>Makes room for so many settings.</summary>
    public void Expect(int settings) => _set.EnsureCapacity(settings);

    public bool ChangesPeriod => Period != PeriodBefore;

    /// <summary>Whether anything of it will be different.</summary>
    public bool IsDifferent => IsNew ? !IsGone : IsGone || _set.Count > 0 || ChangesPeriod;

    /// <summary>The canonical JSON of a field as it will be; false when it will have no value.</summary>
    public bool TryGet(ModelField field, out ReadOnlySpan<byte> json)
    {
        foreach (var setting in _set)
            if (setting.Field == field)
            {
                json = setting.Json;
                return json.Length > 0;
            }
        if (Before.Exists)
            return Before.TryGet(field.Ordinal, out json);
        json = default;
        return false;
    }

    /// <summary>A field's value as it will be, which must be there.</summary>
    public Operand Value(ModelField field)
    {
        foreach (var setting in _set)
            if (setting.Field == field)
                return new(setting.Value, setting.Json);
        Before.TryGet(field.Ordinal, out var json);
        return new(ShapeValues.Read(field, json), json.ToArray());
    }

    /// <summary>Whether a field is about to be set.</summary>
    public bool Sets(ModelField field)
    {
        foreach (var setting in _set)
            if (setting.Field == field)
                return true;
        return false;
    }

    /// <summary>Sets a field; to what it is in the store: leaves it as it is.</summary>
    /// <param name="json">Empty to empty it.</param>
    public void Put(ModelField field, object? value, byte[] json)
    {
        for (var i = 0; i < _set.Count; i++)
            if (_set[i].Field == field)
            {
                _set.RemoveAt(i);
                break;
            }
        var isThere = Before.Exists && Before.TryGet(field.Ordinal, out var now) ? now : default;
        if (!isThere.SequenceEqual(json))
            _set.Add(new(field, value, json));
    }

    /// <summary>The settings as a field set.</summary>
    public byte[] SetBytes(ArrayBufferWriter<byte> buffer)
    {
        if (_set.Count == 0)
            return [];
        _set.Sort(static (a, b) => a.Field.Ordinal.CompareTo(b.Field.Ordinal));
        buffer.ResetWrittenCount();
        foreach (var setting in _set)
            FieldSet.Append(buffer, setting.Field.Ordinal, setting.Json);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>All its fields as they will be.</summary>
    public byte[] FieldBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var set = SetBytes(buffer);
        var all = new ArrayBufferWriter<byte>();
        FieldSet.Merge(Before.Exists ? Before.Fields : default, set, all);
        return all.WrittenSpan.ToArray();
    }

    /// <summary>A field's value to be.</summary>
    /// <param name="Value">In the CLR form of the shape; null empties the field.</param>
    /// <param name="Json">Its canonical JSON; empty when null.</param>
    internal readonly record struct Setting(ModelField Field, object? Value, byte[] Json);
}
