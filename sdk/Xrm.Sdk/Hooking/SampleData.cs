using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>Invented data with which a demonstration begins; they are loaded where there are no data, never else.</summary>
/// <param name="Label">What they are, for people.</param>
/// <param name="Make">Answers the commits in order. It says the same each time for one <see cref="Sampling"/>, and writes nothing itself: each commit is written before the next is asked for. One that was written before is not written again.</param>
public sealed record SampleData(Label Label, Func<Sampling, CancellationToken, IAsyncEnumerable<SampleCommit>> Make);

/// <summary>What invented data follow from.</summary>
/// <param name="Seed">The same seed on the same day gives the same data.</param>
/// <param name="Today">The authority's day.</param>
/// <param name="Xrm">The data so far, as far as the plugin was granted: those of the plugins that it requires are there. Read only here.</param>
public sealed record Sampling(int Seed, DateOnly Today, IXrm Xrm)
{
    private static readonly EntityId Root = EntityId.Parse("5d6f8a2e-41c7-4b90-9a35-c27e0d918f64");

    /// <summary>An id that follows from the seed and a name; plugins that know the name find the thing.</summary>
    public EntityId Id(string name) => EntityId.Derived(Root, $"{Seed}/{name}");

    /// <summary>Chance that follows from the seed and a name.</summary>
    public Random Chance(string name) => new(BitConverter.ToInt32(EntityId.Derived(Root, $"{Seed}/chance/{name}").Value.ToByteArray()));
}

/// <summary>Invented changes that were made together.</summary>
/// <param name="Name">Unique among those of the plugin; from it follows the commit's id.</param>
/// <param name="DaysAgo">When they were recorded, in days before the loading; none greater than that of the commit before, and 400 at most.</param>
/// <param name="By">Who made them.</param>
/// <param name="Edits">In order; all are done, or none.</param>
public sealed record SampleCommit(string Name, int DaysAgo, SampleAuthor By, ImmutableList<Edit> Edits);

/// <summary>Who made an invented change.</summary>
public enum SampleAuthor
{
    /// <summary>The administrator of the demonstration.</summary>
    Administrator,
    /// <summary>Its clerk.</summary>
    Clerk,
}
