namespace Xrm.GraphQL;

/// <summary>What the requests of a batch could touch all together. Not for several threads.</summary>
/// <param name="most">Things, as <see cref="GraphQLLimits.Cost"/> counts them.</param>
internal sealed class CostBudget(long most)
{
    private long _spent;

    /// <summary>Takes the cost of one more request.</summary>
    /// <exception cref="Refusal">There is not that much left; nothing is taken.</exception>
    public void Take(long cost)
    {
        var sum = _spent + cost;
        if (sum > most)
            throw Refusal.Limit(
                $"Les requêtes de ce lot pourraient toucher {sum} fiches jusqu'ici ; {most} au plus sont admises pour le lot.",
                $"The requests of this batch could touch {sum} things up to here; at most {most} are allowed for the batch.", "batchCost", most, sum);
        _spent = sum;
    }
}
