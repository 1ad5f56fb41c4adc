using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Bytes in which past records lie one behind the other.</summary>
/// <param name="space">The space whose slots point there; null = none does.</param>
internal sealed class PastSlab(RecordSpace? space)
{
    private const int First = 1 << 14;
    private byte[] _bytes = [];
    private int _slab;
    private int _used;

    /// <summary>Puts a record, and has a slot point to it.</summary>
    /// <param name="updated">When its last change was recorded, in milliseconds.</param>
    /// <param name="slot">-1 = none.</param>
    public Record Put(PastRecord record, long updated, int slot = -1)
    {
        var length = record.Length;
        if (_used + length > _bytes.Length)
        {
            // Small for a few, and never far more than what is needed.
            _bytes = new byte[Math.Max(length, Math.Clamp(_bytes.Length * 2, First, RecordSpace.SlabSize))];
            _slab = space?.Adopt(_bytes) ?? 0;
            _used = 0;
        }
        record.Write(_bytes.AsSpan(_used, length), updated);
        var put = new Record(_bytes, _used);
        if (slot >= 0)
            space!.Point(slot, _slab, _used);
        _used += length;
        return put;
    }
}
