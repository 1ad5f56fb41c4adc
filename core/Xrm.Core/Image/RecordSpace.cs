using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Where the records of one state lie: slots point into slabs. Immutable once its root is in force; a batch that owns it copies each page once.</summary>
internal sealed class RecordSpace
{
    public const int PageSize = 1024;
    public const int SlabSize = 1 << 20;

    /// <summary>How many records are brought near before the first of them is read: more would drive one another out again.</summary>
    public const int Ahead = 256;

    /// <summary>For each slot slab + 1 and offset; 0 = nothing there.</summary>
    private Page[] _pages;
    private byte[]?[] _slabs;
    /// <summary>Bytes in each slab that some slot points to.</summary>
    private int[] _live;
    /// <summary>Where in each slab the first record lies.</summary>
    private int[] _first;
    private readonly long _owner;
    private int _tail = -1;
    private int _tailUsed;

    public static readonly RecordSpace Empty = new(0, [], [], [], []);

    private RecordSpace(long owner, Page[] pages, byte[]?[] slabs, int[] live, int[] first)
    {
        _owner = owner;
        _pages = pages;
        _slabs = slabs;
        _live = live;
        _first = first;
    }

    /// <summary>The batch that made this state; later ones have greater numbers.</summary>
    public long Owner => _owner;

    /// <summary>How many slots there are.</summary>
    public int Slots { get; private set; }
    public long LiveBytes { get; private set; }
    /// <summary>Bytes of all slabs.</summary>
    public long SlabBytes { get; private set; }
    public int SlabCount => _slabs.Length;

    public ReadOnlySpan<byte> Slab(int slab) => _slabs[slab] is { } bytes ? bytes.AsSpan(0, slab == _tail ? _tailUsed : bytes.Length) : default;

    public int LiveIn(int slab) => _live[slab];

    public int FirstIn(int slab) => _first[slab];

    /// <summary>A copy for a batch to change.</summary>
    public RecordSpace For(long owner) => new(owner, (Page[])_pages.Clone(), (byte[]?[])_slabs.Clone(), (int[])_live.Clone(), (int[])_first.Clone())
    {
        Slots = Slots,
        LiveBytes = LiveBytes,
        SlabBytes = SlabBytes,
        _tail = _tail,
        _tailUsed = _tailUsed,
    };

    /// <summary>A copy whose slots can be pointed elsewhere; nothing is put into the slabs it has, so whoever writes goes on in them.</summary>
    public RecordSpace Apart(long owner)
    {
        var apart = For(owner);
        apart._tail = -1;
        return apart;
    }

    /// <summary>Takes in a slab that records lie in already, one behind the other.</summary>
    /// <param name="first">Where the first of them lies.</param>
    /// <returns>By what a slot points into it.</returns>
    public int Adopt(byte[] bytes, int first = 0)
    {
        var slab = NewSlab(bytes);
        _first[slab] = first;
        return slab;
    }

    /// <summary>Has a slot point to a record in a slab that was taken in, which counts as live from then on.</summary>
    public void Take(int slot, int slab, int offset)
    {
        Drop(slot);
        Point(slot, slab, offset);
        var length = this[slot].Length;
        _live[slab] += length;
        LiveBytes += length;
    }

    /// <summary>Has a slot point to a place in a slab that was taken in.</summary>
    public void Point(int slot, int slab, int offset) => Addresses(slot)[slot % PageSize] = (long)(slab + 1) << 32 | (uint)offset;

    /// <summary>Leaves nothing in a slot.</summary>
    public void Clear(int slot) => Addresses(slot)[slot % PageSize] = 0;

    public Record this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var address = _pages[slot / PageSize].Addresses[slot % PageSize];
            return address == 0 ? default : new(_slabs[(int)(address >> 32) - 1], (int)address);
        }
    }

    public bool TryGet(int slot, out Record record)
    {
        record = slot < Slots ? this[slot] : default;
        return record.Exists;
    }

    /// <summary>Has the processor bring near what is read first of a record, if any, while something else is done; where it cannot be asked to, nothing happens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(int slot)
    {
        if (!Sse.IsSupported)
            return;
        var address = _pages[slot / PageSize].Addresses[slot % PageSize];
        if (address == 0 || _slabs[(int)(address >> 32) - 1] is not { } slab)
            return;
        // Should the collector move the slab meanwhile, other bytes come near, and that is all.
        var start = (byte*)Unsafe.AsPointer(ref slab[(int)address]);
        Sse.Prefetch0(start);
        Sse.Prefetch0(start + 64);
        Sse.Prefetch0(start + 128);
    }

    /// <summary>The same of what tells where a record is: the first to ask for when many are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void PrefetchPlace(int slot)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref _pages[slot / PageSize].Addresses[slot % PageSize]));
    }

    /// <summary>A new slot, with nothing in it yet.</summary>
    public int Allocate()
    {
        if (Slots / PageSize == _pages.Length)
        {
            Array.Resize(ref _pages, _pages.Length + 1);
            _pages[^1] = new(_owner, new long[PageSize]);
        }
        return Slots++;
    }

    /// <summary>Room for a record of some length, to be filled before anything else is asked of this; the slot points there.</summary>
    public Span<byte> Put(int slot, int length)
    {
        Drop(slot);
        int slab, offset;
        if (length > SlabSize / 4)
        {
            slab = NewSlab(new byte[length]);
            offset = 0;
        }
        else
        {
            if (_tail < 0 || _tailUsed + length > SlabSize)
            {
                _tail = NewSlab(new byte[SlabSize]);
                _tailUsed = 0;
            }
            slab = _tail;
            offset = _tailUsed;
            _tailUsed += length;
        }
        Addresses(slot)[slot % PageSize] = (long)(slab + 1) << 32 | (uint)offset;
        _live[slab] += length;
        LiveBytes += length;
        return _slabs[slab].AsSpan(offset, length);
    }

    /// <summary>The first slot from some slot on whose page a batch after another one wrote; <see cref="Slots"/> when there is none.</summary>
    /// <param name="owner">The other batch.</param>
    public int NextSince(long owner, int slot)
    {
        while (slot < Slots && _pages[slot / PageSize].Owner <= owner)
            slot = (slot / PageSize + 1) * PageSize;
        return Math.Min(slot, Slots);
    }

    /// <summary>Whether the slot points to this very place.</summary>
    public bool IsAt(int slot, int slab, int offset) => _pages[slot / PageSize].Addresses[slot % PageSize] == ((long)(slab + 1) << 32 | (uint)offset);

    /// <summary>Forgets a slab that nothing points to.</summary>
    public void Release(int slab)
    {
        if (slab == _tail || _live[slab] > 0 || _slabs[slab] is not { } bytes)
            return;
        SlabBytes -= bytes.Length;
        _slabs[slab] = null;
    }

    public bool IsTail(int slab) => slab == _tail;

    private void Drop(int slot)
    {
        var address = _pages[slot / PageSize].Addresses[slot % PageSize];
        if (address == 0)
            return;
        var length = this[slot].Length;
        _live[(int)(address >> 32) - 1] -= length;
        LiveBytes -= length;
    }

    private long[] Addresses(int slot)
    {
        ref var page = ref _pages[slot / PageSize];
        if (page.Owner != _owner)
            page = new(_owner, (long[])page.Addresses.Clone());
        return page.Addresses;
    }

    private int NewSlab(byte[] bytes)
    {
        SlabBytes += bytes.Length;
        var free = Array.IndexOf(_slabs, null);
        if (free < 0)
        {
            free = _slabs.Length;
            Array.Resize(ref _slabs, free + 1);
            Array.Resize(ref _live, free + 1);
            Array.Resize(ref _first, free + 1);
        }
        _slabs[free] = bytes;
        _live[free] = _first[free] = 0;
        return free;
    }

    private readonly record struct Page(long Owner, long[] Addresses);
}
