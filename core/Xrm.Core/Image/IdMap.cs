using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Finds the slot of an id. One thread adds, any number look; nothing is taken out. An entry holds half a hash and the slot; the id itself is the record's.</summary>
/// <remarks>An entry whose slot holds another record, or none in the reader's root, is passed over: it is left from a batch that was dropped or is not yet in force.</remarks>
internal sealed class IdMap
{
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64();
    private ulong[] _entries = new ulong[1024];
    private int _count;

    /// <summary>The slot of an id in a state; -1 when there is none.</summary>
    public int Find(Guid id, RecordSpace space)
    {
        var hash = Hash(id);
        var entries = Volatile.Read(ref _entries);
        var mask = entries.Length - 1;
        for (var at = (int)hash & mask; ; at = at + 1 & mask)
        {
            var entry = Volatile.Read(ref entries[at]);
            if (entry == 0)
                return -1;
            if ((uint)(entry >> 32) == (uint)hash)
            {
                var slot = (int)(uint)entry - 1;
                if (space.TryGet(slot, out var record) && record.Id == id)
                    return slot;
            }
        }
    }

    /// <summary>The same, where a slot is told that may be the right one.</summary>
    public int Find(Guid id, RecordSpace space, int likely) =>
        likely >= 0 && space.TryGet(likely, out var record) && record.Id == id ? likely : Find(id, space);

    /// <summary>A slot that may be the one of an id, told without looking at a record; -1 when there is none.</summary>
    public int Likely(Guid id)
    {
        var hash = Hash(id);
        var entries = Volatile.Read(ref _entries);
        var mask = entries.Length - 1;
        for (var at = (int)hash & mask; ; at = at + 1 & mask)
        {
            var entry = Volatile.Read(ref entries[at]);
            if (entry == 0 || (uint)(entry >> 32) == hash)
                return (int)(uint)entry - 1;
        }
    }

    /// <summary>Has the processor bring near what is read first of an id; where it cannot be asked to, nothing happens.</summary>
    public unsafe void Prefetch(Guid id)
    {
        if (!Sse.IsSupported)
            return;
        // Should the collector move the entries meanwhile, other bytes come near, and that is all.
        var entries = Volatile.Read(ref _entries);
        Sse.Prefetch0(Unsafe.AsPointer(ref entries[(int)Hash(id) & entries.Length - 1]));
    }

    public void Add(Guid id, int slot)
    {
        if (_count >= _entries.Length / 8 * 5)
            Grow(_entries.Length * 2);
        Put(_entries, (uint)Hash(id), slot);
        _count++;
    }

    /// <summary>Makes room for so many more.</summary>
    public void Reserve(int count)
    {
        var length = _entries.Length;
        while (_count + count >= length / 8 * 5)
            length *= 2;
        if (length > _entries.Length)
            Grow(length);
    }

    private void Grow(int length)
    {
        var entries = new ulong[length];
        foreach (var entry in _entries)
            if (entry != 0)
                Put(entries, (uint)(entry >> 32), (int)(uint)entry - 1);
        Volatile.Write(ref _entries, entries);
    }

    private static void Put(ulong[] entries, uint hash, int slot)
    {
        var mask = entries.Length - 1;
        var at = (int)hash & mask;
        while (entries[at] != 0)
            at = at + 1 & mask;
        Volatile.Write(ref entries[at], (ulong)hash << 32 | (uint)(slot + 1));
    }

    // The seed keeps clients, who choose ids, from making them collide.
    public static uint Hash(Guid id)
    {
        var halves = MemoryMarshal.Cast<byte, ulong>(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in id)));
        var hash = (halves[0] ^ Seed) * 0x9E3779B97F4A7C15;
        hash = (hash ^ hash >> 29 ^ halves[1]) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ hash >> 32) * 0x94D049BB133111EB;
        return (uint)(hash >> 32);
    }
}
