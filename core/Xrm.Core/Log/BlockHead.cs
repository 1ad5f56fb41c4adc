using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Xrm.Core.Log;

/// <summary>A commit as a head names it.</summary>
/// <param name="Changes">How many changes it made, in order behind those of the commits before it.</param>
internal readonly record struct BlockCommit(Guid Id, string Actor, int Changes);

/// <summary>A part as a head names it.</summary>
/// <param name="Changes">How many changes are in it.</param>
/// <param name="Hash">SHA-256 over the digests of its changes.</param>
internal readonly record struct BlockPartName(int Changes, byte[] Hash);

/// <summary>The head of a block: the chained bytes (decision 0010).</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="At">When it was written; never before the block ahead of it.</param>
/// <param name="Previous">The hash of the head before; of the first block 32 zeros.</param>
internal sealed record BlockHead(long Number, DateTimeOffset At, byte[] Previous, ImmutableArray<BlockCommit> Commits, ImmutableArray<BlockPartName> Parts)
{
    public const byte Format = 1;
    public const int HashLength = 32;
    public static readonly byte[] NoHash = new byte[HashLength];

    /// <summary>How many changes are in the block.</summary>
    public int Changes => Parts.Sum(p => p.Changes);

    public static byte[] HashOf(ReadOnlySpan<byte> head) => SHA256.HashData(head);

    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write(Format);
        writer.Write(Number);
        writer.Write(At.ToUnixTimeMilliseconds());
        writer.Write(Previous);
        writer.Write(Commits.Length);
        foreach (var commit in Commits)
        {
            writer.Write(commit.Id.ToByteArray(bigEndian: true));
            var actor = Encoding.UTF8.GetBytes(commit.Actor);
            writer.Write(actor.Length);
            writer.Write(actor);
            writer.Write(commit.Changes);
        }
        writer.Write(Parts.Length);
        foreach (var part in Parts)
        {
            writer.Write(part.Changes);
            writer.Write(part.Hash);
        }
        writer.Flush();
        return buffer.ToArray();
    }

    /// <exception cref="FormatException">It is none, or of a newer format.</exception>
    public static BlockHead Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (bytes[0] != Format)
                throw new FormatException(bytes[0] > Format ? "The head is of a newer format." : "The head is not readable.");
            var number = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
            var at = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]));
            var previous = bytes.Slice(17, HashLength).ToArray();
            var rest = bytes[(17 + HashLength)..];
            var commits = ImmutableArray.CreateBuilder<BlockCommit>();
            for (var left = Int(ref rest); left > 0; left--)
            {
                var id = new Guid(Take(ref rest, 16), bigEndian: true);
                var actor = Encoding.UTF8.GetString(Take(ref rest, Int(ref rest)));
                commits.Add(new(id, actor, Int(ref rest)));
            }
            var parts = ImmutableArray.CreateBuilder<BlockPartName>();
            for (var left = Int(ref rest); left > 0; left--)
                parts.Add(new(Int(ref rest), Take(ref rest, HashLength).ToArray()));
            if (rest.Length > 0)
                throw new FormatException("The head is longer than it says.");
            return new(number, at, previous, commits.ToImmutable(), parts.ToImmutable());
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new FormatException("The head is cut short.", e);
        }
    }

    private static int Int(ref ReadOnlySpan<byte> rest) => BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, 4));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
