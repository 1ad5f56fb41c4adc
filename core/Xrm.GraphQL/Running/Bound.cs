using System.Collections.Immutable;
using System.Globalization;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Search;
using Xrm.GraphQL.Documents;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>A link with its arguments: the step but for the things it starts from.</summary>
/// <param name="Step">Null for what is no relationship.</param>
/// <param name="Of">What its cursors belong to; null for what has none, or cursors of another kind.</param>
internal sealed record BoundLink(ReadStep.Related? Step, CursorScope? Of)
{
    /// <summary>From how many things it starts at most.</summary>
    public long Things { get; init; }
    /// <summary>Of a history.</summary>
    public LogWindow Window { get; init; }
    /// <summary>Of a plugin's own field.</summary>
    public BoundCall? Call { get; init; }
    /// <summary>The moment as of which it is read; null = now.</summary>
    public DateTimeOffset? AsOf { get; init; }
    /// <summary>Whether the things that it starts from are read as of another moment.</summary>
    public bool IsOfOther { get; init; }
}

/// <summary>What a plugin's own field is asked with.</summary>
/// <param name="Given">Its arguments, in the CLR form of their shapes; null counts as not given.</param>
/// <param name="Text">The same for the same arguments, another for others.</param>
/// <param name="Most">How many things were counted on in all.</param>
/// <param name="At">The day of what is around it; null = none.</param>
internal sealed record BoundCall(Values Given, string Text, long Most, DateOnly? At);

/// <summary>A root list with its arguments.</summary>
/// <param name="AsOf">The moment as of which it is read; null = now.</param>
internal sealed record BoundList(ReadStep.List Step, CursorScope Of, DateTimeOffset? AsOf);

/// <summary>The two times of what is around a field.</summary>
/// <param name="At">The day; null = none, so that each field's own default holds.</param>
/// <param name="AsOf">The moment; null = now.</param>
internal readonly record struct Times(DateOnly? At, DateTimeOffset? AsOf);

/// <summary>A window on changes.</summary>
/// <param name="First">How many at most.</param>
/// <param name="After">The cursor; null = from the start.</param>
internal readonly record struct LogWindow(int First, string? After);

/// <summary>What the cursors of a list belong to.</summary>
/// <param name="list">What is listed; of a relationship, the type at its near end.</param>
/// <param name="end">Of a relationship.</param>
internal sealed class CursorScope(string list, ModelEnd? end, ImmutableArray<Sort> order, InputObject? where, Times times, Period? during, SearchText? search)
{
    /// <summary>The same for the same list with the same order and filter, another for others. Put together when it is first asked for: most answers tell no cursor.</summary>
    // All periods are not the day that holds where none is asked for.
    public string Text => field ??= string.Create(CultureInfo.InvariantCulture,
        $"{list}{(end is null ? "" : $".{end.Name}")}|{InputText.Of(order)}|{InputText.Of(where)}|{times.At:O}|{(during is null ? "" : "~")}{during?.From:O}|{during?.To:O}|{times.AsOf:O}{(search is null ? "" : $"|search {search}")}");
}
