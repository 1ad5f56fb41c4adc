namespace Xrm.Sdk;

/// <summary>A span of days: the first day is in it, the last is not; null leaves that side open.</summary>
/// <param name="From">The first day, inclusive; null = since ever.</param>
/// <param name="To">The day after the last, exclusive; null = still.</param>
/// <remarks>A span whose end is not after its start is legal, holds no day, and is kept in history (contract §2).</remarks>
public readonly record struct Period(DateOnly? From, DateOnly? To)
{
    /// <summary>All days.</summary>
    public static Period Always => default;

    /// <summary>Whether no day is in it.</summary>
    public bool IsEmpty => From is { } from && To is { } to && to <= from;

    /// <summary>Whether the day is in it.</summary>
    public bool Contains(DateOnly day) => !(day < From) && !(day >= To);

    /// <summary>Whether some day is in both.</summary>
    public bool Overlaps(Period other) =>
        !IsEmpty && !other.IsEmpty && !(From >= other.To) && !(other.From >= To);

    /// <summary>The days of both.</summary>
    public Period And(Period other) => new(
        From is null ? other.From : other.From is null ? From : From > other.From ? From : other.From,
        To is null ? other.To : other.To is null ? To : To < other.To ? To : other.To);
}
