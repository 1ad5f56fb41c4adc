using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Makes the opaque text of cursors and reads it back. Each is authenticated together with what it belongs to, so that a changed one, or one of another connection, order or filter, is told.</summary>
/// <param name="key">The secret.</param>
internal sealed class CursorSeal(byte[] key)
{
    private const int TagLength = 12;

    /// <summary>The cursor of a place in an order.</summary>
    /// <param name="of">What it belongs to.</param>
    public string Seal(string of, SortPosition position)
    {
        using var buffer = new AnswerBuffer();
        position.Id.TryWriteBytes(buffer.GetSpan(32), bigEndian: true, out _);
        position.Link.TryWriteBytes(buffer.GetSpan(32)[16..], bigEndian: true, out _);
        buffer.Advance(32);
        foreach (var value in position.Keys)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), value.Length);
            buffer.Advance(4);
            buffer.Write(value);
        }
        return Sealed(of, buffer);
    }

    /// <summary>Back to the place; null when it is not one of ours, or not of this.</summary>
    public SortPosition? Open(string of, string cursor)
    {
        if (Opened(of, cursor) is not { Length: >= 32 } bytes)
            return null;
        var keys = ImmutableArray.CreateBuilder<byte[]>();
        for (var at = 32; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            keys.Add(bytes.AsSpan(at + 4, length).ToArray());
            at += 4 + length;
        }
        return new(keys.ToImmutable(), new Guid(bytes.AsSpan(0, 16), bigEndian: true)) { Link = new Guid(bytes.AsSpan(16, 16), bigEndian: true) };
    }

    /// <summary>The cursor of a change.</summary>
    public string Seal(string of, LogPosition position)
    {
        using var buffer = new AnswerBuffer();
        Write(buffer, position.Before);
        Write(buffer, position.Place);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), position.Seen);
        buffer.Advance(4);
        return Sealed(of, buffer);
    }

    /// <summary>Back to the place in the log; null when it is not one of ours, or not of this.</summary>
    public LogPosition? OpenLog(string of, string cursor) => Opened(of, cursor) is { Length: 28 } bytes
        ? new(Read(bytes), Read(bytes.AsSpan(12)), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(24)))
        : null;

    private static void Write(AnswerBuffer buffer, Cursor place)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(12), place.Block);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(12)[8..], place.Index);
        buffer.Advance(12);
    }

    private static Cursor Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]));

    private string Sealed(string of, AnswerBuffer buffer)
    {
        Span<byte> tag = stackalloc byte[32];
        Tag(of, buffer.Span, tag);
        buffer.Write(tag[..TagLength]);
        return Base64Url.EncodeToString(buffer.Span);
    }

    private byte[]? Opened(string of, string cursor)
    {
        if (cursor.Length > 16_384 || !Base64Url.IsValid(cursor, out var length) || length < TagLength)
            return null;
        var bytes = Base64Url.DecodeFromChars(cursor);
        Span<byte> tag = stackalloc byte[32];
        var body = bytes.AsSpan(0, bytes.Length - TagLength);
        Tag(of, body, tag);
        return CryptographicOperations.FixedTimeEquals(tag[..TagLength], bytes.AsSpan(body.Length)) ? body.ToArray() : null;
    }

    private void Tag(string of, ReadOnlySpan<byte> body, Span<byte> tag)
    {
        // The length of the name stands in front, so that no name and body run into another name and body.
        using var buffer = new AnswerBuffer();
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), of.Length);
        buffer.Advance(4);
        buffer.Advance(Encoding.UTF8.GetBytes(of, buffer.GetSpan(of.Length * 3)));
        buffer.Write(body);
        HMACSHA256.HashData(key, buffer.Span, tag);
    }
}

/// <summary>A place among the changes of the log; several changes can share one place of it.</summary>
/// <param name="Before">A place that lies wholly before.</param>
/// <param name="Place">The place reached.</param>
/// <param name="Seen">How many changes of that place were told.</param>
internal readonly record struct LogPosition(Cursor Before, Cursor Place, int Seen);
