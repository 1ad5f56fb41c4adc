using Xrm.Core.Files;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Storage;

/// <summary>Keeps records and the log. It knows shapes, records and plans; nothing of plugins, actors or GraphQL.</summary>
internal interface IStore : IAsyncDisposable
{
    /// <summary>Makes ready for a model, before which no plan may name what is new in it. Called again with each model.</summary>
    ValueTask Prepare(CompiledModel model, CancellationToken cancellation);

    /// <summary>One state of all records, which does not change while it is held.</summary>
    ISnapshot Snapshot();

    /// <summary>Writes a plan whole, or nothing of it; durable when it answers.</summary>
    /// <exception cref="Problem">Unavailable: the store cannot write now; nothing was written.</exception>
    ValueTask<WriteOutcome> Write(WritePlan plan, CancellationToken cancellation);

    /// <summary>The contents of files that records name.</summary>
    IFiles Files { get; }

    /// <summary>What was ever written, for as long as it is kept.</summary>
    ILog Log { get; }
}

/// <summary>One state of all records.</summary>
internal interface ISnapshot : IDisposable
{
    /// <summary>The last block in it; 0 = none.</summary>
    long Block { get; }

    /// <summary>Runs one step; several may run at once.</summary>
    ValueTask<Rows> Read(ReadStep step, CancellationToken cancellation);

    /// <summary>The records that name a content in a field of files, whoever asks, deleted ones not.</summary>
    IReadOnlyList<Record> Naming(string hash);

    /// <summary>How many records of a type there are, deleted ones not counted.</summary>
    long Count(RecordType type);

    /// <summary>The way that a list would be run; nothing is read.</summary>
    Way Foresee(ReadStep.List step);

    /// <summary>The state as it was known at a time, told from the log: what was written up to then, of what this one sees. Before the first block there is nothing; from the last block on, itself. What was erased since is not there.</summary>
    /// <param name="mostChanges">How many changes may be gone back.</param>
    /// <exception cref="Problem">Limit: it lies further back; nothing was read of it. Unavailable: the log cannot be read.</exception>
    ValueTask<ISnapshot> AsOf(DateTimeOffset at, int mostChanges, CancellationToken cancellation);
}

/// <summary>The record of all changes, read only.</summary>
internal interface ILog
{
    /// <summary>The last place; <see cref="Cursor.Start"/> when empty.</summary>
    Cursor Head { get; }

    /// <summary>The place of the last change of the model; <see cref="Cursor.Start"/> when there never was one.</summary>
    Cursor LastModel { get; }

    /// <summary>Changes behind a place, oldest first, up to the head as it is when asked.</summary>
    IAsyncEnumerable<RecordChange> Read(Cursor after, CancellationToken cancellation);

    /// <summary>The change at a place.</summary>
    ValueTask<RecordChange> At(Cursor place, CancellationToken cancellation);

    /// <summary>Completes when there is something behind a place.</summary>
    Task Beyond(Cursor place, CancellationToken cancellation);
}

/// <summary>One change of one record, or of the model, as the log has it.</summary>
internal sealed record RecordChange
{
    public required Cursor Place { get; init; }
    public required Guid CommitId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public required ChangeKind Kind { get; init; }
    /// <summary>The record's type; 0 for a change of the model.</summary>
    public int TypeOrdinal { get; init; }
    public Guid Id { get; init; }
    /// <summary>The version afterwards.</summary>
    public int Version { get; init; }
    /// <summary>The change of the same record before this one; <see cref="Cursor.Start"/> when this is its first.</summary>
    public Cursor Previous { get; init; }
    /// <summary>Of a relationship; otherwise empty.</summary>
    public Guid Source { get; init; }
    public Guid Target { get; init; }
    public Period PeriodBefore { get; init; }
    public Period PeriodAfter { get; init; }
    /// <summary>A <see cref="FieldSet"/> of what the changed fields held; nulls for those that were empty. For a deletion all fields.</summary>
    public byte[] Before { get; init; } = [];
    /// <summary>A <see cref="FieldSet"/> of what the changed fields hold; nulls for those that are empty. For a deletion empty.</summary>
    public byte[] After { get; init; } = [];
    /// <summary>The model's canonical JSON, for a change of the model; otherwise null.</summary>
    public byte[]? Model { get; init; }
    /// <summary>Whether its values were erased: id, fields and ends are empty then, place, commit and time remain.</summary>
    public bool IsErased { get; init; }
}
