using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Xrm.Core.Log;

/// <summary>A part of a block, read in place: the digests of its changes, then for each its salt and its bytes, which erasure takes away (decision 0010).</summary>
internal readonly ref struct BlockPart
{
    public const byte Format = 1;
    public const int SaltLength = 16;
    /// <summary>No part of several changes is longer than this: so it is no large object to the collector, and a journal keeps it in one piece.</summary>
    public const int Size = 64 * 1024;
    internal const int Header = 5;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <exception cref="FormatException">It is none, or of a newer format.</exception>
    public BlockPart(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Header || bytes[0] != Format)
            throw new FormatException(bytes.Length > 0 && bytes[0] > Format ? "The part is of a newer format." : "The part is not readable.");
        Count = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        if (Count < 0 || bytes.Length < Header + (long)Count * BlockHead.HashLength)
            throw new FormatException("The part is cut short.");
        _bytes = bytes;
    }

    public int Count { get; }

    public ReadOnlySpan<byte> Digests => _bytes.Slice(Header, Count * BlockHead.HashLength);

    public ReadOnlySpan<byte> Digest(int index) => Digests.Slice(index * BlockHead.HashLength, BlockHead.HashLength);

    public byte[] Hash() => SHA256.HashData(Digests);

    /// <summary>The salted bytes of each change in order; empty for an erased one.</summary>
    public Enumerator GetEnumerator() => new(_bytes[(Header + Count * BlockHead.HashLength)..]);

    /// <summary>The bytes of one change without salt; empty when erased.</summary>
    public ReadOnlySpan<byte> Change(int index)
    {
        foreach (var salted in this)
            if (index-- == 0)
                return salted.IsEmpty ? default : salted[SaltLength..];
        throw new FormatException("The part is cut short.");
    }

    /// <summary>The part without the values of some changes; their digests stay, so its hash does too.</summary>
    public byte[] Without(IReadOnlySet<int> erased)
    {
        var writer = new ArrayBufferWriter<byte>(_bytes.Length);
        writer.Write(_bytes[..(Header + Count * BlockHead.HashLength)]);
        var index = 0;
        foreach (var salted in this)
        {
            var kept = erased.Contains(index++) ? default : salted;
            BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(4), kept.Length);
            writer.Advance(4);
            writer.Write(kept);
        }
        return writer.WrittenSpan.ToArray();
    }

    internal ref struct Enumerator(ReadOnlySpan<byte> values)
    {
        private ReadOnlySpan<byte> _rest = values;

        public ReadOnlySpan<byte> Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            var length = _rest.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(_rest);
            if (length < 0 || length > _rest.Length - 4 || length is > 0 and < SaltLength)
                throw new FormatException("The part is cut short.");
            Current = _rest.Slice(4, length);
            _rest = _rest[(4 + length)..];
            return true;
        }
    }
}

/// <summary>Collects changes into parts.</summary>
internal sealed class PartBuilder
{
    private const int FirstRoom = 4096;

    // Most parts are small, and an array of the full size is large enough to hasten a collection of everything.
    private ArrayBufferWriter<byte> _values = new(FirstRoom);
    private readonly ArrayBufferWriter<byte> _digests = new(1024);
    private readonly byte[] _salts = new byte[BlockPart.SaltLength * 64];
    private int _salt;

    public int Count { get; private set; }

    /// <summary>Whether a change of some length is to be put behind the others; if not, the part is to be closed before.</summary>
    public bool HasRoom(int change) =>
        Count == 0 || BlockPart.Header + _digests.WrittenCount + BlockHead.HashLength + _values.WrittenCount + 4 + BlockPart.SaltLength + change <= BlockPart.Size;

    /// <summary>Puts a change behind the others, with salt of its own.</summary>
    public void Add(ReadOnlySpan<byte> change)
    {
        if (_salt == 0)
            RandomNumberGenerator.Fill(_salts);
        var salt = _salts.AsSpan(_salt * BlockPart.SaltLength, BlockPart.SaltLength);
        _salt = (_salt + 1) % 64;
        var length = BlockPart.SaltLength + change.Length;
        var span = _values.GetSpan(4 + length);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        salt.CopyTo(span[4..]);
        change.CopyTo(span[(4 + BlockPart.SaltLength)..]);
        SHA256.HashData(span.Slice(4, length), _digests.GetSpan(BlockHead.HashLength));
        _values.Advance(4 + length);
        _digests.Advance(BlockHead.HashLength);
        Count++;
    }

    /// <summary>The part, and a new one begins.</summary>
    public byte[] Close(out BlockPartName name)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(BlockPart.Header + _digests.WrittenCount + _values.WrittenCount);
        bytes[0] = BlockPart.Format;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), Count);
        _digests.WrittenSpan.CopyTo(bytes.AsSpan(BlockPart.Header));
        _values.WrittenSpan.CopyTo(bytes.AsSpan(BlockPart.Header + _digests.WrittenCount));
        name = new(Count, SHA256.HashData(_digests.WrittenSpan));
        Clear();
        return bytes;
    }

    /// <summary>Forgets what was not closed.</summary>
    public void Clear()
    {
        // One change may be longer than a part of several ever is; its room is not kept.
        if (_values.Capacity > 2 * BlockPart.Size)
            _values = new(FirstRoom);
        _values.ResetWrittenCount();
        _digests.ResetWrittenCount();
        Count = 0;
    }
}
