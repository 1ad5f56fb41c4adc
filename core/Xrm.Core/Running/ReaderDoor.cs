using System.Runtime.CompilerServices;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>One state of the data as a door, for handlers that are called while something is being done with that state. It writes nothing.</summary>
/// <param name="watch">Notes what is read, as guards of the commit at hand; null where there is none.</param>
/// <param name="computes">Whether computed fields have values; where plugins give such values themselves, or what is read guards a commit, they have none.</param>
internal sealed class ReaderDoor(Reader reader, ReadWatch? watch = null, bool computes = false) : IXrm
{
    public async ValueTask<Entity?> Find(EntityType type, EntityId id, CancellationToken cancellation = default)
    {
        var found = await new QueryRunner(reader, computes).Find(type, id, cancellation);
        // Of what is not there no version is known: nothing of its type may have come meanwhile.
        watch?.Note(found is null
            ? new Guard.TypeIsUnchanged(reader.Model.Type(type.Name)!, reader.Block)
            : new Guard.VersionIs(id.Value, found.Version));
        return found;
    }

    public ValueTask<Page> Query(Query query, CancellationToken cancellation = default)
    {
        watch?.Note(query, reader.Model, reader.Block);
        return new QueryRunner(reader, computes).Query(query, cancellation);
    }

    public ValueTask<Receipt> Commit(Commit commit, CancellationToken cancellation = default) =>
        throw new InvalidOperationException("Here one reads: a Saving handler and a migration change the thing that they were given, and handlers that answer questions change nothing; a Saved handler may commit.");

    public async IAsyncEnumerable<Change> Changes(Cursor after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var change in reader.Changes(after, cancellation))
            yield return change;
    }

    public IXrm As(Actor actor) => new ReaderDoor(reader.For(actor), watch, computes);
}
