using System.Globalization;

namespace Xrm.Sdk;

/// <summary>What a recorded change did.</summary>
public enum ChangeKind
{
    /// <summary>An entity was made.</summary>
    Created,
    /// <summary>Fields of an entity were set.</summary>
    Updated,
    /// <summary>An entity was deleted.</summary>
    Deleted,
    /// <summary>Two entities were related.</summary>
    Related,
    /// <summary>Fields or the period of a relationship were set.</summary>
    Changed,
    /// <summary>A relationship was taken away.</summary>
    Unrelated,
    /// <summary>The thing is no longer seen by this reader; only its id is told.</summary>
    Left,
    /// <summary>The model changed: a plugin came, went or was updated, or a custom field was.</summary>
    Model,
}

/// <summary>A place in the log: the block, and how many of its changes come before.</summary>
/// <param name="Block">The block's number; 0 is before the first.</param>
/// <param name="Index">The change within the block, from 0.</param>
public readonly record struct Cursor(long Block, int Index) : IComparable<Cursor>
{
    /// <summary>Before everything.</summary>
    public static Cursor Start => default;

    /// <inheritdoc/>
    public int CompareTo(Cursor other) => Block != other.Block ? Block.CompareTo(other.Block) : Index.CompareTo(other.Index);

    /// <summary>Whether the first place comes before the second.</summary>
    public static bool operator <(Cursor left, Cursor right) => left.CompareTo(right) < 0;

    /// <summary>Whether the first place comes after the second.</summary>
    public static bool operator >(Cursor left, Cursor right) => left.CompareTo(right) > 0;

    /// <summary>Whether the first place comes before the second or is it.</summary>
    public static bool operator <=(Cursor left, Cursor right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the first place comes after the second or is it.</summary>
    public static bool operator >=(Cursor left, Cursor right) => left.CompareTo(right) >= 0;

    /// <summary>For logs; the text that clients get is made and authenticated elsewhere.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Block}.{Index}");
}

/// <summary>One recorded change of one field, or of a thing as a whole when <see cref="Field"/> is null.</summary>
/// <param name="Cursor">Its place in the log; changes of several fields of one thing share it.</param>
/// <param name="CommitId">The commit it belongs to.</param>
/// <param name="At">When that was recorded, UTC.</param>
/// <param name="Actor">The id of who did it.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Type">The name of the entity or relationship type; <c>Model</c> for a change of the model.</param>
/// <param name="Id">Which thing.</param>
/// <param name="Field">The field, <c>validFrom</c> and <c>validTo</c> included; <c>source</c> or <c>target</c> where two things were related; null when nothing of it may be told.</param>
/// <param name="Before">The value before; null when there was none.</param>
/// <param name="After">The value after; null when there is none. Of a change of the model, what it was made for and what is different, told to administrators alone.</param>
public sealed record Change(Cursor Cursor, EntityId CommitId, DateTimeOffset At, string Actor, ChangeKind Kind, string Type, EntityId Id, string? Field, object? Before, object? After);
