using System.Runtime.CompilerServices;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>An engine as one actor uses it; each read sees a state of its own.</summary>
internal sealed class Door(Engine engine, Actor actor) : IXrm
{
    public async ValueTask<Entity?> Find(EntityType type, EntityId id, CancellationToken cancellation = default)
    {
        using var reader = engine.Read(actor);
        return await new QueryRunner(reader, computes: true).Find(type, id, cancellation);
    }

    public async ValueTask<Page> Query(Query query, CancellationToken cancellation = default)
    {
        using var reader = engine.Read(actor);
        return await new QueryRunner(reader, computes: true).Query(query, cancellation);
    }

    public ValueTask<Receipt> Commit(Commit commit, CancellationToken cancellation = default) => engine.Commit(commit, actor, cancellation);

    public async IAsyncEnumerable<Change> Changes(Cursor after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var reader = engine.Read(actor);
        await foreach (var change in reader.Changes(after, cancellation))
            yield return change;
    }

    public IXrm As(Actor other) => new Door(engine, other);
}
