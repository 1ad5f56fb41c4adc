using Xrm.Core.Plans;
using Xrm.GraphQL.Plans;

namespace Xrm.GraphQL.Running;

/// <summary>The rows of one level and, by what is wanted of them, what was read below.</summary>
internal sealed class RowSet(Row[] rows)
{
    private (ObjectPlan Plan, Fetched[] Links) _first;
    private Dictionary<ObjectPlan, Fetched[]>? _more;

    public Row[] Rows => rows;

    public Fetched this[ObjectPlan plan, int link] => (ReferenceEquals(_first.Plan, plan) ? _first.Links : _more![plan])[link];

    public void Add(ObjectPlan plan, Fetched[] links)
    {
        if (_first.Plan is null)
            _first = (plan, links);
        else
            (_more ??= []).Add(plan, links);
    }
}

/// <summary>What was read for one link of the rows of a level.</summary>
/// <param name="RunOf">For each row, which run of the answer is its own; -1 for rows of other types.</param>
internal sealed record Fetched(int[] RunOf)
{
    public Rows Rows { get; init; } = Nothing;
    public RowSet Below { get; init; } = new([]);
    /// <summary>Of what a plugin answers: for each run its JSON, or, where it answers things, anything but null when it answered; null for none.</summary>
    public byte[]?[] Answers { get; init; } = [];
    /// <summary>Of a history: for each run.</summary>
    public IReadOnlyList<ChangePage> Pages { get; init; } = [];

    private static readonly Rows Nothing = new() { Items = [], Starts = [0] };
}
