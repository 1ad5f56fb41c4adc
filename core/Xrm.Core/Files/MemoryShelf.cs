namespace Xrm.Core.Files;

/// <summary>The shelf of tests.</summary>
/// <param name="take">Takes a piece that was kept aside.</param>
internal sealed class MemoryShelf(Func<long, byte[]> take) : IFileShelf
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (KeptFile File, byte[][] Pieces)> _files = new(StringComparer.Ordinal);

    public void Add(KeptFile file, IReadOnlyList<long> pieces)
    {
        lock (_gate)
            _files.Add(file.Hash, (file, [.. pieces.Select(take)]));
    }

    public void Abandon(IReadOnlyList<long> pieces)
    {
        foreach (var piece in pieces)
            take(piece);
    }

    public void Note(KeptFile file)
    {
        lock (_gate)
            _files[file.Hash] = _files[file.Hash] with { File = file };
    }

    public void Drop(string hash)
    {
        lock (_gate)
            _files.Remove(hash);
    }

    public KeptFile? Find(string hash)
    {
        lock (_gate)
            return _files.GetValueOrDefault(hash).File;
    }

    public IReadOnlyList<KeptFile> Behind(string? after)
    {
        lock (_gate)
            return [.. _files.Values.Select(f => f.File).Where(f => string.CompareOrdinal(f.Hash, after) > 0)];
    }

    public byte[] Read(string hash, int piece)
    {
        lock (_gate)
            return _files.TryGetValue(hash, out var kept) ? [.. kept.Pieces[piece]] : throw new FileNotFoundException(hash);
    }
}
