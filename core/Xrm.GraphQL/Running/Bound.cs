using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>A link with its arguments: the step but for the things it starts from.</summary>
/// <param name="Step">Null for what is no relationship.</param>
/// <param name="Of">What its cursors belong to; null for what has none, or cursors of another kind.</param>
internal sealed record BoundLink(ReadStep.Related? Step, Lazy<string>? Of)
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
internal sealed record BoundList(ReadStep.List Step, Lazy<string> Of, DateTimeOffset? AsOf);

/// <summary>The two times of what is around a field.</summary>
/// <param name="At">The day; null = none, so that each field's own default holds.</param>
/// <param name="AsOf">The moment; null = now.</param>
internal readonly record struct Times(DateOnly? At, DateTimeOffset? AsOf);

/// <summary>A window on changes.</summary>
/// <param name="First">How many at most.</param>
/// <param name="After">The cursor; null = from the start.</param>
internal readonly record struct LogWindow(int First, string? After);
