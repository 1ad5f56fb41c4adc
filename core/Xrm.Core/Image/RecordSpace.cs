using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Where the records of one state lie: slots point into slabs. Immutable once its root is in force; a batch that owns it copies each page once in which it changes a slot that was there.</summary>
/// <remarks>New slots lie in the pages that earlier states have too: none of those looks further than its own slots. So one batch at a time makes slots, each from the state that came into force last.</remarks>
internal sealed class RecordSpace
{
    public const int PageSize = 1024;
    public const int SlabSize = 1 << 20;

    /// <summary>How many records are brought near before the first of them is read: more would drive one another out again.</summary>
    public const int Ahead = 256;

    /// <summary>In a page behind the slots: the batch that made it, and so may change all of it.</summary>
    private const int Maker = PageSize;
    /// <summary>The last batch that wrote into it.</summary>
    private const int Writer = PageSize + 1;

    /// <summary>For each slot slab + 1 and offset; 0 = nothing there.</summary>
    private long[][] _pages;
    private byte[]?[] _slabs;
    /// <summary>Bytes in each slab that some slot points to.</summary>
    private int[] _live;
    /// <summary>Where in each slab the first record lies.</summary>
    private int[] _first;
    private readonly long _owner;
    /// <summary>How many slots the state had of which this is a copy.</summary>
    private readonly int _inherited;
    /// <summary>Whether the list of pages is that state's too.</summary>
    private bool _sharesPages;
    private int _tail = -1;
    private int _tailUsed;

    public static readonly RecordSpace Empty = new();

    private RecordSpace() => (_pages, _slabs, _live, _first) = ([], [], [], []);

    private RecordSpace(RecordSpace earlier, long owner)
    {
        _owner = owner;
        _pages = earlier._pages;
        _sharesPages = true;
        _slabs = earlier._slabs;
        _live = (int[])earlier._live.Clone();
        _first = earlier._first;
        _inherited = Slots = earlier.Slots;
        LiveBytes = earlier.LiveBytes;
        SlabBytes = earlier.SlabBytes;
        _tail = earlier._tail;
        _tailUsed = earlier._tailUsed;
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
    public RecordSpace For(long owner) => new(this, owner);

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
    public void Point(int slot, int slab, int offset) => Own(slot)[slot % PageSize] = (long)(slab + 1) << 32 | (uint)offset;

    /// <summary>Leaves nothing in a slot.</summary>
    public void Clear(int slot) => Own(slot)[slot % PageSize] = 0;

    public Record this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var address = _pages[slot / PageSize][slot % PageSize];
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
        var address = _pages[slot / PageSize][slot % PageSize];
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
            Sse.Prefetch0(Unsafe.AsPointer(ref _pages[slot / PageSize][slot % PageSize]));
    }

    /// <summary>A new slot, with nothing in it yet.</summary>
    public int Allocate()
    {
        if (Slots / PageSize == _pages.Length)
        {
            Array.Resize(ref _pages, _pages.Length + 1);
            _sharesPages = false;
            _pages[^1] = new long[PageSize + 2];
            _pages[^1][Maker] = _owner;
        }
        // A batch that was dropped may have been here.
        _pages[Slots / PageSize][Slots % PageSize] = 0;
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
        Point(slot, slab, offset);
        _live[slab] += length;
        LiveBytes += length;
        return _slabs[slab].AsSpan(offset, length);
    }

    /// <summary>The first slot from some slot on whose page a batch after another one wrote; <see cref="Slots"/> when there is none.</summary>
    /// <param name="owner">The other batch.</param>
    public int NextSince(long owner, int slot)
    {
        while (slot < Slots && _pages[slot / PageSize][Writer] <= owner)
            slot = (slot / PageSize + 1) * PageSize;
        return Math.Min(slot, Slots);
    }

    /// <summary>Whether the slot points to this very place.</summary>
    public bool IsAt(int slot, int slab, int offset) => _pages[slot / PageSize][slot % PageSize] == ((long)(slab + 1) << 32 | (uint)offset);

    /// <summary>Forgets a slab that nothing points to.</summary>
    public void Release(int slab)
    {
        if (slab == _tail || _live[slab] > 0 || _slabs[slab] is not { } bytes)
            return;
        SlabBytes -= bytes.Length;
        _slabs = (byte[]?[])_slabs.Clone();
        _slabs[slab] = null;
    }

    public bool IsTail(int slab) => slab == _tail;

    private void Drop(int slot)
    {
        var address = _pages[slot / PageSize][slot % PageSize];
        if (address == 0)
            return;
        var length = this[slot].Length;
        _live[(int)(address >> 32) - 1] -= length;
        LiveBytes -= length;
    }

    /// <summary>The page of a slot, in which that slot may be changed.</summary>
    private long[] Own(int slot)
    {
        var page = _pages[slot / PageSize];
        if (slot < _inherited && page[Maker] != _owner)
        {
            if (_sharesPages)
                _pages = (long[][])_pages.Clone();
            _sharesPages = false;
            page = _pages[slot / PageSize] = (long[])page.Clone();
            page[Maker] = _owner;
        }
        page[Writer] = _owner;
        return page;
    }

    private int NewSlab(byte[] bytes)
    {
        SlabBytes += bytes.Length;
        var free = Array.IndexOf(_slabs, null);
        if (free < 0)
            free = _slabs.Length;
        var count = Math.Max(_slabs.Length, free + 1);
        // Copies in any case: earlier states have the same.
        _slabs = Copy(_slabs, count);
        _first = Copy(_first, count);
        _live = Copy(_live, count);
        _slabs[free] = bytes;
        _live[free] = _first[free] = 0;
        return free;
    }

    private static T[] Copy<T>(T[] array, int length)
    {
        var copy = new T[length];
        array.CopyTo(copy, 0);
        return copy;
    }
}
