using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Xrm.Sdk;

/// <summary>Names one entity, relationship or commit among all: a UUID, version 7 when made here, version 4 or 7 when a client made it.</summary>
/// <remarks>Ordered by its sixteen bytes as written, so ids made here sort by the time they were made.</remarks>
public readonly record struct EntityId(Guid Value) : IComparable<EntityId>
{
    /// <summary>A new id, greater than those this process made in earlier milliseconds.</summary>
    public static EntityId New() => New(TimeProvider.System.GetUtcNow());

    /// <summary>A new id that carries the given time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is before 1970.</exception>
    public static EntityId New(DateTimeOffset at)
    {
        var milliseconds = at.ToUnixTimeMilliseconds();
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds, nameof(at));
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, milliseconds << 16);
        Chance.Fill(bytes[6..]);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x70);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new(new Guid(bytes, bigEndian: true));
    }

    /// <summary>An id that follows from another and a name: the same each time, of the form of version 4.</summary>
    public static EntityId Derived(EntityId from, string name)
    {
        var hash = SHA256.HashData([.. from.Value.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)]);
        hash[6] = (byte)(hash[6] & 0x0F | 0x40);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new(new Guid(hash.AsSpan(0, 16), bigEndian: true));
    }

    /// <summary>Reads the usual form with hyphens; anything else answers false.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EntityId id)
    {
        var ok = Guid.TryParseExact(text, "D", out var value);
        id = new EntityId(value);
        return ok;
    }

    /// <summary>Reads the usual form with hyphens.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static EntityId Parse(string text) => new(Guid.ParseExact(text, "D"));

    /// <summary>Whether a client may choose it: a UUID of version 4 or 7 and of the RFC 9562 variant.</summary>
    public bool IsAcceptable => Value.Version is 4 or 7 && (Value.Variant & 0xC) == 0x8;

    /// <inheritdoc/>
    public int CompareTo(EntityId other) => Value.CompareTo(other.Value);

    /// <summary>Whether the first sorts before the second.</summary>
    public static bool operator <(EntityId left, EntityId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the first sorts after the second.</summary>
    public static bool operator >(EntityId left, EntityId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the first sorts before the second or equals it.</summary>
    public static bool operator <=(EntityId left, EntityId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the first sorts after the second or equals it.</summary>
    public static bool operator >=(EntityId left, EntityId right) => left.CompareTo(right) >= 0;

    /// <summary>Lower case with hyphens.</summary>
    public override string ToString() => Value.ToString("D");
}
