using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Door;

/// <summary>The model and who is signed in.</summary>
internal sealed record Welcome(StaffModel Model, Me Me);

/// <summary>Who is signed in.</summary>
/// <param name="Name">What people call them; the id when nothing is known.</param>
internal sealed record Me(string Id, string Name, ImmutableArray<string> Roles, bool IsAdministrator);

/// <summary>A question for a page of things.</summary>
/// <param name="Fields">The fields to bring, by name.</param>
/// <param name="Ends">The relationship ends to bring, by name: of a to-many one the first few and how many there are.</param>
internal sealed record ListRequest(ModelType Type, ImmutableArray<string> Fields, ImmutableArray<string> Ends)
{
    /// <summary>Which; null = all.</summary>
    public Filter? Where { get; init; }
    /// <summary>What to search for in them; null = nothing.</summary>
    public string? Search { get; init; }
    /// <summary>In which order; empty = by id, or the best found first.</summary>
    public ImmutableArray<Order> Orders { get; init; } = [];
    /// <summary>Of a dated type those true on this day, and relationships as on this day; null = of the type all, of relationships today's.</summary>
    public DateOnly? At { get; init; }
    /// <summary>How many at most; 0 = only the count.</summary>
    public int First { get; init; } = 50;
    /// <summary>Where the page before ended; null = from the beginning.</summary>
    public string? After { get; init; }
    /// <summary>How many to pass over from the beginning; null = none. Not together with <see cref="After"/>.</summary>
    public int? Offset { get; init; }
    /// <summary>How many of a to-many end to bring.</summary>
    public int FirstOfEnds { get; init; } = 3;
}

/// <summary>A page of things.</summary>
/// <param name="Total">How many there are in all.</param>
/// <param name="EndCursor">Where the next page begins; null on an empty one.</param>
internal sealed record ListPage(ImmutableArray<Sheet> Things, int Total, string? EndCursor, bool HasNext);

/// <summary>How many things have a value.</summary>
/// <param name="Value">In the CLR form of the field's shape; null = those that have none.</param>
internal sealed record ValueCount(object? Value, int Count);

/// <summary>A thing, and of each end that was asked for how many relationships there are.</summary>
/// <param name="Counts">By the name of the end.</param>
public sealed record Sheet(Entity Entity, ImmutableDictionary<string, int> Counts);

/// <summary>A question for one thing with all its fields.</summary>
/// <param name="Ends">The relationship ends to bring, by name.</param>
internal sealed record SheetRequest(ModelType Type, EntityId Id, ImmutableArray<string> Ends)
{
    /// <summary>Relationships as on this day; null = those of all days.</summary>
    public DateOnly? At { get; init; }
    /// <summary>How many of each end at most.</summary>
    public int First { get; init; } = 20;
}

/// <summary>A text to find.</summary>
/// <param name="Types">Only in these types; empty = in all.</param>
internal sealed record SearchRequest(string Text, ImmutableArray<string> Types, int First)
{
    public string? After { get; init; }
}

/// <summary>What was found.</summary>
internal sealed record SearchPage(ImmutableArray<Hit> Hits, int Total, string? EndCursor, bool HasNext);

/// <summary>A thing by its name.</summary>
/// <param name="Type">The name of its type.</param>
public sealed record Hit(string Type, EntityId Id, string DisplayName);

/// <summary>A page of what happened to a thing.</summary>
internal sealed record HistoryPage(ImmutableArray<HistoryEntry> Entries, string? EndCursor, bool HasNext);

/// <summary>A field of a thing, or all of it, as it was changed.</summary>
/// <param name="Actor">What people call who did it.</param>
/// <param name="Field">Null when it is about the whole.</param>
internal sealed record HistoryEntry(string CommitId, DateTimeOffset At, string Actor, ChangeKind Kind, string Type, string? Field, object? Before, object? After);

/// <summary>What a commit did.</summary>
/// <param name="Versions">What was written, with its version now.</param>
internal sealed record CommitAnswer(ImmutableDictionary<EntityId, int> Versions);

/// <summary>That something changed.</summary>
/// <param name="Actor">The id of who did it.</param>
internal sealed record ChangeNews(string Actor, ChangeKind Kind, string Type, string Id);
