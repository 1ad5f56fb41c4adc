namespace Xrm.Storage.LiteDb;

/// <summary>LiteDB's data file. LiteDB writes to it only when it makes the file and when it empties its log into it; each time it flushes once behind the last page, and that flush is passed on.</summary>
internal sealed class DataStream(IStoreFile file) : PageStream
{
    private bool _isDirty;

    public override long Length => IsDetached ? 0 : file.Length;

    public override void Flush()
    {
        if (IsDetached || !_isDirty)
            return;
        file.Sync();
        _isDirty = false;
    }

    public override void SetLength(long value)
    {
        if (IsDetached)
            return;
        file.Cut(value);
        _isDirty = true;
    }

    protected override void ReadPage(long position, Span<byte> into) => file.Read(position, into);

    protected override void WritePage(long position, ReadOnlySpan<byte> page)
    {
        _isDirty = true;
        file.Write(position, page);
    }
}
