using Xrm.Sdk;

namespace Elus.Samples;

/// <summary>A municipal term, from its first day up to its last.</summary>
/// <param name="Number">0 the one before, 1 the present one.</param>
/// <param name="To">The day on which the next begins; null = not known yet.</param>
internal sealed record InventedTerm(int Number, DateOnly From, DateOnly? To)
{
    private static readonly DateOnly[] Elections = [new(2014, 3, 30), new(2020, 6, 28), new(2026, 3, 22), new(2032, 3, 21)];

    /// <summary>The present term and the one before.</summary>
    public static InventedTerm[] Of(DateOnly today)
    {
        var last = Math.Max(1, Array.FindLastIndex(Elections, e => e <= today));
        return [new(0, Elections[last - 1], Elections[last]), new(1, Elections[last], null)];
    }

    /// <summary>With these days.</summary>
    public Values Values(DateOnly? from = null, DateOnly? to = null)
    {
        var values = Xrm.Sdk.Values.None.With("validFrom", from ?? From);
        return (to ?? To) is { } end ? values.With("validTo", end) : values;
    }
}
