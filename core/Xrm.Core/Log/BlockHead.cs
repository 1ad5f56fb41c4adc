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
    private const int CommitsAt = 17 + HashLength;
    public static readonly byte[] NoHash = new byte[HashLength];

    /// <summary>How many changes are in the block.</summary>
    public int Changes => Parts.Sum(p => p.Changes);

    public static byte[] HashOf(ReadOnlySpan<byte> head) => SHA256.HashData(head);

    public byte[] Write()
    {
        var length = CommitsAt + 4 + 4;
        foreach (var commit in Commits)
            length += 16 + 4 + Encoding.UTF8.GetByteCount(commit.Actor) + 4;
        var head = new byte[length + Parts.Length * (4 + HashLength)];
        head[0] = Format;
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(1), Number);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(9), At.ToUnixTimeMilliseconds());
        Previous.CopyTo(head.AsSpan(17));
        var rest = head.AsSpan(CommitsAt);
        Put(ref rest, Commits.Length);
        foreach (var commit in Commits)
        {
            commit.Id.TryWriteBytes(rest, bigEndian: true, out _);
            var actor = Encoding.UTF8.GetBytes(commit.Actor, rest[20..]);
            BinaryPrimitives.WriteInt32LittleEndian(rest[16..], actor);
            rest = rest[(20 + actor)..];
            Put(ref rest, commit.Changes);
        }
        Put(ref rest, Parts.Length);
        foreach (var part in Parts)
        {
            Put(ref rest, part.Changes);
            part.Hash.CopyTo(rest);
            rest = rest[HashLength..];
        }
        return head;
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
            var rest = bytes[CommitsAt..];
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

    private static void Put(ref Span<byte> rest, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, number);
        rest = rest[4..];
    }

    private static int Int(ref ReadOnlySpan<byte> rest) => BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, 4));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
