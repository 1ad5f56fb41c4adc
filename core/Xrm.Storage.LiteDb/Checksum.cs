using System.Buffers.Binary;
using System.Numerics;

namespace Xrm.Storage.LiteDb;

/// <summary>CRC-32C over what a document holds, so that a flipped bit is told and never served; LiteDB has none of its own.</summary>
internal static class Checksum
{
    /// <param name="seed">What the bytes belong to, so that they cannot stand in another's place.</param>
    public static uint Of(long seed, ReadOnlySpan<byte> bytes) => Add((uint)(seed ^ seed >> 32), bytes);

    /// <summary>Goes on over more bytes.</summary>
    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        sum = BitOperations.Crc32C(sum, (uint)bytes.Length);
        for (; bytes.Length >= 8; bytes = bytes[8..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            sum = BitOperations.Crc32C(sum, one);
        return sum;
    }
}
