using Xrm.Core.Files;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;

namespace Xrm.GraphQL.Tests;

/// <summary>A store that passes everything on and counts the steps that it is asked.</summary>
internal sealed class CountingStore(IStore store) : IStore
{
    private int _reads;

    /// <summary>How many steps were asked since this was set to 0.</summary>
    public int Reads
    {
        get => Volatile.Read(ref _reads);
        set => Volatile.Write(ref _reads, value);
    }

    /// <summary>Runs before each step; what it throws the caller gets.</summary>
    public Func<ReadStep, Task>? BeforeRead { get; set; }

    public ILog Log => store.Log;

    public IFiles Files => store.Files;

    public ValueTask Prepare(CompiledModel model, CancellationToken cancellation) => store.Prepare(model, cancellation);

    public ISnapshot Snapshot() => new CountingSnapshot(this, store.Snapshot());

    public ValueTask<WriteOutcome> Write(WritePlan plan, CancellationToken cancellation) => store.Write(plan, cancellation);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private sealed class CountingSnapshot(CountingStore counting, ISnapshot snapshot) : ISnapshot
    {
        public long Block => snapshot.Block;

        public async ValueTask<Rows> Read(ReadStep step, CancellationToken cancellation)
        {
            Interlocked.Increment(ref counting._reads);
            if (counting.BeforeRead is { } before)
                await before(step);
            return await snapshot.Read(step, cancellation);
        }

        public IReadOnlyList<Core.Storage.Record> Naming(string hash) => snapshot.Naming(hash);

        public long Count(RecordType type) => snapshot.Count(type);

        public Way Foresee(ReadStep.List step) => snapshot.Foresee(step);

        public async ValueTask<ISnapshot> AsOf(DateTimeOffset at, int mostChanges, CancellationToken cancellation) =>
            await snapshot.AsOf(at, mostChanges, cancellation) is var past && ReferenceEquals(past, snapshot) ? this : new CountingSnapshot(counting, past);

        public void Dispose() => snapshot.Dispose();
    }
}
