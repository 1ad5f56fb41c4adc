using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>The changes in some blocks, of each record from the newest to the oldest.</summary>
/// <remarks>Parts are kept as they were read, and a change is found again by where it lies in them. An erased change is in no chain: whose it was shows by the gap that it leaves.</remarks>
internal sealed class PastChanges
{
    private readonly List<byte[]> _parts = [];
    private readonly List<Link> _links = [];
    private readonly Dictionary<int, int> _newest = [];

    /// <summary>Reads the blocks behind one, up to another.</summary>
    /// <param name="space">A state that has all records that they name, deleted ones included.</param>
    /// <exception cref="Problem">Unavailable: the log cannot be read.</exception>
    public PastChanges(BlockLog log, IdMap map, RecordSpace space, long after, long upTo, CancellationToken cancellation)
    {
        for (var number = after + 1; number <= upTo; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var parts = log.Times.Of(number).Parts;
            var index = 0;
            for (var part = 0; part < parts; part++)
                Take(log.ReadPart(number, part), number, ref index, map, space);
        }
    }

    /// <summary>The slots of the records that were changed.</summary>
    public IReadOnlyCollection<int> Slots => _newest.Keys;

    /// <summary>Whether some change's values were erased.</summary>
    public bool HasErased { get; private set; }

    public bool Has(int slot) => _newest.ContainsKey(slot);

    /// <summary>A record's changes, the newest first.</summary>
    public Chain Of(int slot) => new(this, _newest.GetValueOrDefault(slot, -1));

    private void Take(byte[] part, long block, ref int index, IdMap map, RecordSpace space)
    {
        _parts.Add(part);
        foreach (var salted in new BlockPart(part))
        {
            var place = new Cursor(block, index++);
            if (salted.IsEmpty)
            {
                HasErased = true;
                continue;
            }
            var bytes = salted[BlockPart.SaltLength..];
            var change = new ChangeView(bytes);
            if (change.Kind == ChangeKind.Model || map.Find(change.Id, space) is not (>= 0 and var slot))
                continue;
            part.AsSpan().Overlaps(bytes, out var start);
            _links.Add(new(Batch.Pack(place), _parts.Count - 1, start, bytes.Length, _newest.GetValueOrDefault(slot, -1)));
            _newest[slot] = _links.Count - 1;
        }
    }

    /// <param name="Place">Where it is in the log, packed.</param>
    /// <param name="Older">The record's change before it; -1 = none of these.</param>
    private readonly record struct Link(ulong Place, int Part, int Start, int Length, int Older);

    internal ref struct Chain(PastChanges changes, int newest)
    {
        private int _next = newest;

        /// <summary>Where the current change is in the log, packed.</summary>
        public ulong Place { get; private set; }

        public ChangeView Current { get; private set; }

        public bool MoveNext()
        {
            if (_next < 0)
                return false;
            var link = changes._links[_next];
            Place = link.Place;
            Current = new(changes._parts[link.Part].AsSpan(link.Start, link.Length));
            _next = link.Older;
            return true;
        }
    }
}
