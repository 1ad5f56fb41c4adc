using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>One state of everything. Immutable; a reader holds one, the writer puts the next in force by one reference.</summary>
internal sealed record Root(RecordSpace Space, ImmutableArray<TypeState?> Types)
{
    public static readonly Root Empty = new(RecordSpace.Empty, []);

    /// <summary>The last block in it; 0 = none.</summary>
    public long Block { get; init; }
    public byte[] Hash { get; init; } = Log.BlockHead.NoHash;
    /// <summary>The time of the last block.</summary>
    public DateTimeOffset At { get; init; } = DateTimeOffset.UnixEpoch;
    /// <summary>The place of the last change.</summary>
    public Cursor Head { get; init; }
    /// <summary>The place of the last change of the model; <see cref="Cursor.Start"/> = none.</summary>
    public Cursor ModelChange { get; init; }
    /// <summary>Version of the model in force.</summary>
    public long ModelVersion { get; init; }
    /// <summary>Version of the model that the store was made ready for last; null = none yet.</summary>
    public long? PreparedVersion { get; init; }

    /// <summary>What is known of a type; null when there never was a record of it and no model named it.</summary>
    public TypeState? Type(int ordinal) => ordinal < Types.Length ? Types[ordinal] : null;
}

/// <summary>The trees of one record type in one state.</summary>
/// <param name="Ordinal">Which.</param>
internal sealed record TypeState(int Ordinal)
{
    /// <summary>All records but deleted ones, by id.</summary>
    public Tree? Extent { get; init; }
    /// <summary>The block that last wrote one.</summary>
    public long LastBlock { get; init; }
    /// <summary>Of a relationship type: by source.</summary>
    public Links? BySource { get; init; }
    /// <summary>Of a relationship type: by target.</summary>
    public Links? ByTarget { get; init; }
    public ImmutableArray<KeyTree> Keys { get; init; } = [];
    public ImmutableArray<IndexTree> Indexes { get; init; } = [];
    /// <summary>What standing questions answer of the records; null until one is asked.</summary>
    public StandingAnswers? Answers { get; init; }
    /// <summary>Where words are; null until a search wants it.</summary>
    public Search.PostingIndex? Words { get; init; }
    /// <summary>Which contents of files its records name; null where it has no field of files.</summary>
    public Search.PostingIndex? Files { get; init; }

    /// <summary>Whether one more index may be kept: there are few, or one has not been used for a while and makes room.</summary>
    public bool HasRoom => Indexes.Length < TypeWork.MostIndexes || Indexes.Min(i => i.LastUse) < Environment.TickCount64 - 60_000;

    public IndexTree? Index(IndexOrder order)
    {
        foreach (var index in Indexes)
            if (index.Order.Is(order))
            {
                index.LastUse = Environment.TickCount64;
                return index;
            }
        return null;
    }
}

/// <summary>A unique key: by the hash of the values, then slot.</summary>
internal sealed record KeyTree(ImmutableArray<Column> Columns, Tree? Tree)
{
    public bool IsFor(ModelKey key) => Columns.Length == key.Fields.Length && Columns.Zip(key.Fields).All(p => p.First.IndexName == new Column(p.Second).IndexName);
}
