using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>One batch for a store: everything that one level of a request needs of one relation. The cases below are all there are.</summary>
internal abstract record ReadStep
{
    private ReadStep() { }

    /// <summary>The things that may be answered, by type: others are not there.</summary>
    public required ImmutableArray<TypeView> Views { get; init; }

    /// <summary>Where the store tells how it goes about it; null = nobody asks.</summary>
    public StepTrace? Trace { get; init; }

    /// <summary>Things by id, in the order asked; what is not there is left out, told by <see cref="Rows.Starts"/>.</summary>
    public sealed record ById(ImmutableArray<Guid> Ids) : ReadStep;

    /// <summary>Records of any kind by id, deleted ones included, of which no more than the header is left; relationships stand in <see cref="Row.Entity"/> too. Views are not looked at: it is for the engine's own work, never for what an actor asks.</summary>
    public sealed record Records(ImmutableArray<Guid> Ids) : ReadStep;

    /// <summary>Things by a unique key; each of <paramref name="Values"/> has one operand for each field of the key.</summary>
    public sealed record ByKey(ModelKey Key, ImmutableArray<ImmutableArray<Operand>> Values) : ReadStep;

    /// <summary>Things of one type (one view), or, of a search, of several.</summary>
    public sealed record List : ReadStep
    {
        /// <summary>For a dated type, only those true on some day of it; null = whenever.</summary>
        public Period? During { get; init; }
        /// <summary>Only what is found; without another order the best first. null = whatever is there.</summary>
        public Searched? Search { get; init; }
        public Selection Selection { get; init; } = Selection.All;
    }

    /// <summary>The relationships at an end of each of some things, with the things beyond.</summary>
    public sealed record Related(ModelEnd End, ImmutableArray<Guid> From) : ReadStep
    {
        /// <summary>For each of <see cref="From"/> the place of the row in which it was found, or of any other; empty = none is known.</summary>
        public ImmutableArray<int> Places { get; init; } = [];
        /// <summary>Asked of the relationship; null = nothing.</summary>
        public Predicate? Link { get; init; }
        /// <summary>Up to 32; the row tells which hold for the relationship.</summary>
        public ImmutableArray<Predicate> LinkMasks { get; init; } = [];
        /// <summary>As in <see cref="Predicate.Through"/>.</summary>
        public Period During { get; init; }
        /// <summary>Whether the things beyond a to-many end are restricted by <see cref="During"/> too, where their type is dated.</summary>
        public bool DatesNodes { get; init; } = true;
        /// <summary>For each of <see cref="From"/> on its own.</summary>
        public Selection Selection { get; init; } = Selection.All;
    }

    /// <summary>Relationships of one type by id, whatever their period, each with the thing at its target, which must be in <see cref="Views"/>; in the order asked, what is not there is left out, told by <see cref="Rows.Starts"/>.</summary>
    public sealed record Links(ModelRelationship Type, ImmutableArray<Guid> Ids) : ReadStep
    {
        /// <summary>Asked of the relationship; null = nothing.</summary>
        public Predicate? Link { get; init; }
        /// <summary>As in <see cref="Related"/>.</summary>
        public ImmutableArray<Predicate> LinkMasks { get; init; } = [];
    }
}

/// <summary>How an actor sees a type.</summary>
/// <param name="Type">The type.</param>
/// <param name="Where">Which of its things are there; null = all.</param>
/// <param name="Masks">Up to 32; a row tells which of them hold for its thing, and thus which fields are seen.</param>
internal sealed record TypeView(ModelType Type, Predicate? Where, ImmutableArray<Predicate> Masks)
{
    public static TypeView Of(ModelType type) => new(type, null, []);
}

/// <summary>Order, window and sums over what a step finds.</summary>
internal sealed record Selection
{
    public static readonly Selection All = new();

    /// <summary>Then by the thing's id and, where things are found through relationships, the relationship's; ascending.</summary>
    public ImmutableArray<Sort> Order { get; init; } = [];
    /// <summary>At most so many from the start of the order; with <see cref="After"/>, from behind it. null = no bound.</summary>
    public int? First { get; init; }
    public SortPosition? After { get; init; }
    /// <summary>At most so many from the end of the order; with <see cref="Before"/>, from before it. null = no bound.</summary>
    public int? Last { get; init; }
    public SortPosition? Before { get; init; }
    /// <summary>How many are passed over before the window begins, from the start of the order or from behind <see cref="After"/>; never negative. Counts and sums take them in.</summary>
    public int Offset { get; init; }
    /// <summary>Whether to count what is found before the window.</summary>
    public bool Counts { get; init; }
    /// <summary>Whether rows are wanted at all.</summary>
    public bool WantsRows { get; init; } = true;
    /// <summary>Sums by these fields, over what is found before the window; null = none wanted.</summary>
    public ImmutableArray<Grouping> Groupings { get; init; } = [];
}

/// <summary>One key of an order; without value, or masked, comes last.</summary>
/// <param name="SeenWhen">The value counts only when this holds, else it is null; null = always.</param>
internal sealed record Sort(ModelField Field, bool Descending, Predicate? SeenWhen = null);

/// <summary>A place in an order: the canonical JSON of each key (empty = null) and the thing's id. In the order of a search the keys are the rank and the folded name.</summary>
internal sealed record SortPosition(ImmutableArray<byte[]> Keys, Guid Id)
{
    /// <summary>Of a <see cref="ReadStep.Related"/>: the relationship's id, since a thing can be there twice; empty = behind all of that thing's when after, before them all when before.</summary>
    public Guid Link { get; init; }
}

/// <summary>Groups by some fields, with sums over others.</summary>
internal sealed record Grouping(ImmutableArray<Sort> By, ImmutableArray<Sort> Sums);

/// <summary>One group.</summary>
/// <param name="Keys">The canonical JSON of each key; empty = null.</param>
/// <param name="Sums">For each summed field, over the values there are.</param>
internal sealed record Group(ImmutableArray<byte[]> Keys, long Count, ImmutableArray<Sums> Sums);

/// <summary>Sums of a numeric field; of no values all but <paramref name="Count"/> are null.</summary>
internal readonly record struct Sums(long Count, decimal? Sum, decimal? Min, decimal? Max);

/// <summary>What a step found.</summary>
internal sealed class Rows
{
    /// <summary>In order; for several things asked, one run after the other.</summary>
    public required Row[] Items { get; init; }
    /// <summary>Where the run of each thing asked begins, and at the end how many rows there are; for a list <c>[0, n]</c>. ById and ByKey: a run has one row or none.</summary>
    public required int[] Starts { get; init; }
    /// <summary>For each run: how many there are before the window; empty when not asked.</summary>
    public long[] Counts { get; init; } = [];
    /// <summary>For each run: whether there are more behind the window.</summary>
    public bool[] HasNext { get; init; } = [];
    /// <summary>For each run: whether there are more before the window.</summary>
    public bool[] HasPrevious { get; init; } = [];
    /// <summary>For each item its place in the order of a search; empty when they are in another order.</summary>
    public ImmutableArray<SortPosition> Found { get; init; } = [];
    /// <summary>For each grouping asked, run by run: those of the first run, then those of the second.</summary>
    public ImmutableArray<ImmutableArray<Group>> Groups { get; init; } = [];

    public ReadOnlySpan<Row> Run(int index) => Items.AsSpan(Starts[index], Starts[index + 1] - Starts[index]);
}

/// <summary>A thing found and, where it was found through one, the relationship.</summary>
/// <param name="Masks">Bit i: the i-th mask of its type's view holds.</param>
/// <param name="LinkMasks">Bit i: the i-th mask of the step's link masks holds.</param>
internal readonly record struct Row(Record Entity, Record Link, uint Masks, uint LinkMasks)
{
    /// <summary>Where the store has the thing, of meaning to the store alone; told with a later step it saves a search, and a wrong one does no harm.</summary>
    public int Place { get; init; } = -1;
}
