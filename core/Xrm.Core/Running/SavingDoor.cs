using System.Runtime.CompilerServices;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>The door that Saving handlers and migrations get: the data as their commit found it. What is read through it guards the commit.</summary>
internal sealed class SavingDoor(Reader reader, ReadWatch watch) : IXrm
{
    public async ValueTask<Entity?> Find(EntityType type, EntityId id, CancellationToken cancellation = default)
    {
        var found = await new QueryRunner(reader).Find(type, id, cancellation);
        // Of what is not there no version is known: nothing of its type may have come meanwhile.
        watch.Note(found is null
            ? new Guard.TypeIsUnchanged(reader.Model.Type(type.Name)!, reader.Block)
            : new Guard.VersionIs(id.Value, found.Version));
        return found;
    }

    public ValueTask<Page> Query(Query query, CancellationToken cancellation = default)
    {
        watch.Note(query, reader.Model, reader.Block);
        return new QueryRunner(reader).Query(query, cancellation);
    }

    public ValueTask<Receipt> Commit(Commit commit, CancellationToken cancellation = default) =>
        throw new InvalidOperationException("A Saving handler and a migration change the thing that they were given; a Saved handler may commit.");

    public async IAsyncEnumerable<Change> Changes(Cursor after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var change in reader.Changes(after, cancellation))
            yield return change;
    }

    public IXrm As(Actor actor) => new SavingDoor(reader.For(actor), watch);
}
