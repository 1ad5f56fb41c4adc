using System.Collections.Immutable;
using Xrm.Sdk;

namespace Parties.Samples;

/// <summary>Collects the edits of invented commits. Ids follow from names, so that the same names are the same things.</summary>
public sealed class SampleBook(Sampling sampling)
{
    private readonly List<Edit> _edits = [];

    /// <summary>Makes a thing.</summary>
    /// <returns>Its id, that of the name.</returns>
    public EntityId Create(EntityType type, string name, Values values)
    {
        var id = sampling.Id(name);
        _edits.Add(new Edit.Create(type.Name, id, values));
        return id;
    }

    /// <summary>Relates two things; the relationship's name follows from theirs and the first day.</summary>
    /// <returns>The relationship's id.</returns>
    public EntityId Relate(RelationshipType type, string source, string target, DateOnly? from = null, DateOnly? to = null, Values? values = null)
    {
        var id = Link(type, source, target, from);
        _edits.Add(new Edit.Relate(type.Name, id, sampling.Id(source), sampling.Id(target), new Period(from, to), values ?? Values.None));
        return id;
    }

    /// <summary>Changes a thing that is in its first version.</summary>
    public void Change(EntityType type, string name, Values values) => _edits.Add(new Edit.Update(type.Name, sampling.Id(name), 1, values));

    /// <summary>Ends a relationship that is in its first version.</summary>
    public void End(RelationshipType type, string source, string target, DateOnly? from, DateOnly on) => _edits.Add(new Edit.End(type.Name, Link(type, source, target, from), 1, on));

    /// <summary>What was collected since the last, as a commit.</summary>
    public SampleCommit Take(string name, int daysAgo, SampleAuthor by)
    {
        var commit = new SampleCommit(name, daysAgo, by, [.. _edits]);
        _edits.Clear();
        return commit;
    }

    private EntityId Link(RelationshipType type, string source, string target, DateOnly? from) => sampling.Id($"{type.Name}/{source}/{target}/{from:yyyy-MM-dd}");
}
