using System.Buffers.Text;
using System.Text;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>Reads one field, described or built in, from records, and tells its order.</summary>
internal sealed class Column(ModelField field)
{
    /// <summary>Enough for the JSON of any built-in field.</summary>
    public const int Scratch = 40;

    private readonly int _ordinal = field.Ordinal;
    private readonly int _type = field.Owner.Ordinal;

    public Builtin Builtin { get; } = field.Builtin;
    public Shape Shape { get; } = field.Shape;
    public bool IsMany { get; } = field.IsMany;
    // Keeps nothing of the model: a column outlives the plugin that described it.
    public bool IsOfRelationship { get; } = field.Owner is ModelRelationship;

    /// <summary>What people call it.</summary>
    public string Name { get; } = field.Name;

    /// <summary>Names it among the indexes of its type.</summary>
    public int IndexName => Builtin == Builtin.None ? _ordinal : -(int)Builtin;

    /// <summary>What names a field's column among the indexes of its type.</summary>
    public static int IndexNameOf(ModelField field) => field.Builtin == Builtin.None ? field.Ordinal : -(int)field.Builtin;

    /// <summary>Whether values have an order that an index can keep.</summary>
    public bool IsSortable => !IsMany && Shape != Shape.Json;

    /// <summary>Whether equal prefixes are equal values.</summary>
    public bool IsExact => ValueOrder.IsExact(Shape);

    /// <summary>The canonical JSON; false when there is no value.</summary>
    public bool TryGet(scoped in Record record, Span<byte> scratch, out ReadOnlySpan<byte> json)
    {
        if (Builtin == Builtin.None)
        {
            if (record.Exists && record.TypeOrdinal == _type)
                return record.TryGet(_ordinal, out json);
            json = default;
            return false;
        }
        json = default;
        if (!record.Exists)
            return false;
        switch (Builtin)
        {
            case Builtin.Id:
                scratch[0] = scratch[37] = (byte)'"';
                Utf8Formatter.TryFormat(record.Id, scratch[1..], out _, 'D');
                json = scratch[..38];
                return true;
            case Builtin.Version:
                Utf8Formatter.TryFormat(record.Version, scratch, out var length);
                json = scratch[..length];
                return true;
            case Builtin.CreatedAt:
                json = Moment(record.CreatedAt, scratch);
                return true;
            case Builtin.UpdatedAt:
                json = Moment(record.UpdatedAt, scratch);
                return true;
            case Builtin.ValidFrom when record.FromDay != int.MinValue:
                json = Day(record.FromDay, scratch);
                return true;
            case Builtin.ValidTo when record.ToDay != int.MaxValue:
                json = Day(record.ToDay, scratch);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The prefix of the value; <see cref="ValueOrder.Null"/> when there is none.</summary>
    public ulong Prefix(in Record record)
    {
        Span<byte> scratch = stackalloc byte[Scratch];
        return TryGet(record, scratch, out var json) ? Prefix(json) : ValueOrder.Null;
    }

    public ulong Prefix(ReadOnlySpan<byte> json) => Builtin == Builtin.Id ? 0 : ValueOrder.Prefix(Shape, json);

    /// <summary>Whether an update that changes some fields, or the period, may change the value.</summary>
    public bool Feels(int[] changed, bool periodChanged) => Builtin switch
    {
        Builtin.None => changed.Contains(_ordinal),
        Builtin.ValidFrom or Builtin.ValidTo => periodChanged,
        Builtin.Version or Builtin.UpdatedAt => true,
        _ => false,
    };

    public int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => Builtin == Builtin.Id ? a.SequenceCompareTo(b) : ValueOrder.Compare(Shape, a, b);

    private static ReadOnlySpan<byte> Moment(DateTimeOffset moment, Span<byte> scratch)
    {
        scratch[0] = (byte)'"';
        moment.UtcDateTime.TryFormat(scratch[1..], out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        scratch[length + 1] = (byte)'"';
        return scratch[..(length + 2)];
    }

    private static ReadOnlySpan<byte> Day(int day, Span<byte> scratch)
    {
        scratch[0] = (byte)'"';
        DateOnly.FromDayNumber(day).TryFormat(scratch[1..], out var length, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        scratch[length + 1] = (byte)'"';
        return scratch[..(length + 2)];
    }
}

/// <summary>By id.</summary>
internal sealed class IdOrder : KeyOrder
{
    public static readonly IdOrder Instance = new();

    public static TreeKey Key(in Record record, int slot) => new(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(record.Bytes.AsSpan(record.Offset)), slot);

    public static int Compare(in Record a, in Record b) => a.Bytes.AsSpan(a.Offset, 16).SequenceCompareTo(b.Bytes.AsSpan(b.Offset, 16));

    public override int Ties(in TreeKey a, in TreeKey b, RecordSpace space) => Compare(space[a.Slot], space[b.Slot]);
}
