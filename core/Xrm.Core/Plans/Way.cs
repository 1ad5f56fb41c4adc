using System.Collections.Immutable;

namespace Xrm.Core.Plans;

/// <summary>How a store comes to the records of a step.</summary>
internal enum WayKind
{
    /// <summary>It is known that there are none.</summary>
    None,
    /// <summary>A unique key all of whose fields are told.</summary>
    Key,
    /// <summary>The ids themselves.</summary>
    Ids,
    /// <summary>A range of a sorted index.</summary>
    Index,
    /// <summary>From few relationships, or few things beyond them, back to the things here.</summary>
    Back,
    /// <summary>Several ways together, for what holds by one of several conditions.</summary>
    Any,
    /// <summary>An order that a tree keeps, from where the window begins until it is full.</summary>
    Order,
    /// <summary>Nothing is looked at: numbers of records are kept.</summary>
    Kept,
    /// <summary>All records of the type.</summary>
    Scan,
}

/// <summary>The way chosen for a list.</summary>
/// <param name="By">The fields of the key, index or order, or the end walked back through; empty where there is none.</param>
/// <param name="Estimate">How many records are looked at at most, as far as counts tell; those behind relationships are not counted.</param>
internal sealed record Way(WayKind Kind, string By, long Estimate)
{
    /// <summary>Of Back: how the first of them are found. Of Any: each of them.</summary>
    public ImmutableArray<Way> Parts { get; init; } = [];
    /// <summary>Groups come from counters and not from the records.</summary>
    public bool GroupsAreKept { get; init; }
}

/// <summary>What a store tells of a step that it runs. Not for several threads.</summary>
internal sealed class StepTrace
{
    /// <summary>Null until the step was run, and for steps with no choice.</summary>
    public Way? Way { get; set; }
    /// <summary>How many records it looked at, those behind relationships of its filter not counted.</summary>
    public long Touched { get; set; }
    /// <summary>How many rows it answered.</summary>
    public long Answered { get; set; }
    /// <summary>How often it was run.</summary>
    public int Runs { get; set; }
}
