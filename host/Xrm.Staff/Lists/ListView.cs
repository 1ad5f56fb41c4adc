using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Lists;

/// <summary>All that is chosen of a list: what the address bar holds.</summary>
public sealed record ListView
{
    public ImmutableArray<Condition> Conditions { get; init; } = [];
    /// <summary>Whether one of the conditions is enough; otherwise all must hold.</summary>
    public bool IsAny { get; init; }
    /// <summary>What to search for; empty = nothing.</summary>
    public string Search { get; init; } = "";
    /// <summary>Empty = what the list does by itself: by name, or the best found first.</summary>
    public ImmutableArray<Order> Orders { get; init; } = [];
    /// <summary>Names of fields and ends, the name of the thing itself apart, which always comes first; null = those that are shown unless others are chosen.</summary>
    public ImmutableArray<string>? Columns { get; init; }
    /// <summary>The field by whose values the things stand in columns; null = a table.</summary>
    public string? Board { get; init; }
    internal ListDay Day { get; init; }

    /// <summary>The conditions as a door asks with them; null when there are none.</summary>
    public Filter? Where(StaffModel model, ModelType type) => Condition.ToFilter(model, type, Conditions, IsAny);
}

/// <summary>The day for which a list is true.</summary>
/// <param name="Kind">How it is said.</param>
/// <param name="Day">Of <see cref="ListDayKind.Day"/>.</param>
internal readonly record struct ListDay(ListDayKind Kind, DateOnly Day = default)
{
    /// <summary>The day to ask for; null = none: of a dated type all periods, and relationships as they are today.</summary>
    public DateOnly? Asked(DateOnly today, bool isDated) => Kind switch
    {
        ListDayKind.Day => Day,
        ListDayKind.Today when isDated => today,
        _ => null,
    };
}

/// <summary>How the day of a list is said.</summary>
internal enum ListDayKind
{
    /// <summary>What the list does by itself: a dated type's things of all periods, others with what is related today.</summary>
    Unsaid,
    /// <summary>Whichever day it is when one looks.</summary>
    Today,
    Day,
}
