using System.Collections.Immutable;

namespace Xrm.Core.Image;

/// <summary>A place in an index: before or behind all records with some values and, when an id is given, of that id.</summary>
/// <param name="hash">Of the values asked for equality; whoever has another hash in its upper half is elsewhere. 0 where there are none.</param>
/// <param name="by">Of the first columns to sort by, empty for no value; may be fewer than there are.</param>
internal readonly struct PlaceProbe(IndexOrder order, ulong hash, ImmutableArray<byte[]> by, bool after, RecordSpace space, Guid? id = null) : IProbe
{
    private readonly ulong _prefix = order.PrefixOf(hash, by.IsEmpty ? null : by[0]);

    public bool IsBefore(in TreeKey key)
    {
        if (by.IsEmpty && !order.By.IsEmpty)
        {
            if (key.Prefix >> 32 != _prefix >> 32)
                return key.Prefix >> 32 < _prefix >> 32;
        }
        else if (key.Prefix != _prefix)
            return key.Prefix < _prefix;
        if (by.IsEmpty && id is null)
            return after;
        var record = space[key.Slot];
        Span<byte> scratch = stackalloc byte[Column.Scratch];
        for (var i = 0; i < by.Length; i++)
        {
            var has = order.By[i].Column.TryGet(record, scratch, out var value);
            var byValue = IndexOrder.Compare(order.By[i], has, value, by[i].Length > 0, by[i]);
            if (byValue != 0)
                return byValue < 0;
        }
        var byId = id is { } at ? IdProbe.Compare(record, at) : 0;
        return byId < 0 || byId == 0 && after;
    }
}

/// <summary>A place in an index of texts: before or behind all whose fold begins with a text. The first column to sort by ascends.</summary>
/// <param name="hash">As in <see cref="PlaceProbe"/>.</param>
internal readonly struct FoldProbe(IndexOrder order, ulong hash, byte[] fold, bool after, RecordSpace space) : IProbe
{
    private readonly ulong _low = order.PrefixOfFold(hash, fold, 0);
    private readonly ulong _high = order.PrefixOfFold(hash, fold, 0xFF);

    public bool IsBefore(in TreeKey key)
    {
        if (key.Prefix < _low)
            return true;
        if (key.Prefix > _high)
            return false;
        if (fold.Length <= order.PrefixLength)
            return after;
        order.By[0].Column.TryGet(space[key.Slot], default, out var json);
        using var text = new FoldedText(json, stackalloc byte[256]);
        return text.Bytes.StartsWith(fold) ? after : text.Bytes.SequenceCompareTo(fold) < 0;
    }
}
