namespace Xrm.Core.Image;

/// <summary>Fills one segment after the other, all in the same bytes: a checkpoint of a large store makes no more of them than one of a small one.</summary>
internal sealed class SegmentWriter(SegmentKind kind)
{
    private byte[] _bytes = new byte[Segment.Header + Segment.Size];
    private int _used = Segment.Header;

    public bool IsEmpty => _used == Segment.Header;

    /// <summary>Whether so many bytes more still belong in it; one that is empty takes whatever comes.</summary>
    public bool Takes(int length) => IsEmpty || _used + length <= Segment.Header + Segment.Size;

    public Span<byte> Put(int length)
    {
        if (_used + length > _bytes.Length)
            Array.Resize(ref _bytes, _used + length);
        _used += length;
        return _bytes.AsSpan(_used - length, length);
    }

    /// <summary>The segment; good until the next is begun, which is at once.</summary>
    public ReadOnlyMemory<byte> Close()
    {
        var segment = _bytes.AsMemory(0, _used);
        Segment.Close(kind, segment.Span);
        _used = Segment.Header;
        return segment;
    }
}
