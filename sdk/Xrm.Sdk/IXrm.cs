namespace Xrm.Sdk;

/// <summary>The door to the data. It acts as one actor: what that actor may not see is not there.</summary>
/// <remarks>All members may be used from several threads at once. Each read sees one state throughout.</remarks>
public interface IXrm
{
    /// <summary>One entity by id; null when there is none that the actor may see.</summary>
    ValueTask<Entity?> Find(EntityType type, EntityId id, CancellationToken cancellation = default);

    /// <summary>Entities that answer a question.</summary>
    /// <exception cref="Problem">Invalid: the query names something that the model does not have, or the actor may not see.</exception>
    ValueTask<Page> Query(Query query, CancellationToken cancellation = default);

    /// <summary>Does all edits of a commit, or none. It is durable when this answers.</summary>
    /// <exception cref="Problem">Invalid, NotFound, Conflict, Forbidden, Unavailable; every fault of the commit at once where possible.</exception>
    ValueTask<Receipt> Commit(Commit commit, CancellationToken cancellation = default);

    /// <summary>The recorded changes after a place in the log, oldest first, as far as the log goes now.</summary>
    IAsyncEnumerable<Change> Changes(Cursor after, CancellationToken cancellation = default);

    /// <summary>The same data through another actor's eyes and hands.</summary>
    IXrm As(Actor actor);
}
