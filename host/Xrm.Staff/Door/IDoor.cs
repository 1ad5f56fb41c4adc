using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Door;

/// <summary>The one way to the data: all that the app reads and writes goes through it, so that something else than the server can answer one day.</summary>
/// <remarks>Each member throws a <see cref="Problem"/> with all that is wrong, <see cref="ServerGoneException"/> when nobody answered, and
/// <see cref="SignedOutException"/> when the session is over.</remarks>
internal interface IDoor
{
    /// <summary>What there is, and who asks.</summary>
    Task<Welcome> Model(CancellationToken cancellation);

    /// <summary>A page of things of one type.</summary>
    Task<ListPage> List(ListRequest request, CancellationToken cancellation);

    /// <summary>How many of the things of a list there are by each value of a field; its order, page, fields and ends do not matter.</summary>
    Task<ImmutableArray<ValueCount>> Counts(ListRequest request, ModelField field, CancellationToken cancellation);

    /// <summary>One thing with its relationships; null when it is not there or not seen.</summary>
    Task<Sheet?> Find(SheetRequest request, CancellationToken cancellation);

    /// <summary>Things of any type in which a text is found, the best first.</summary>
    Task<SearchPage> Search(SearchRequest request, CancellationToken cancellation);

    /// <summary>What happened to one thing, a page of it, the oldest first.</summary>
    /// <param name="after">Where the last page ended; null = from the beginning.</param>
    Task<HistoryPage> History(ModelType type, EntityId id, string? after, CancellationToken cancellation);

    /// <summary>Changes something: all edits or none. The same commit sent again does nothing twice.</summary>
    Task<CommitAnswer> Commit(Commit commit, CancellationToken cancellation);

    /// <summary>Sends a file that somebody chose, to be named by what is saved.</summary>
    /// <param name="progress">Is told how many bytes are sent.</param>
    Task<FileReference> Send(ChosenFile file, IProgress<long> progress, CancellationToken cancellation);

    /// <summary>How many bytes a file may have; null when nobody says.</summary>
    Task<long?> LargestFile();

    /// <summary>Has a commit sent when the app is left, unless it is taken back before; sent twice it does nothing twice.</summary>
    void SendOnLeaving(Commit commit);

    /// <summary>Takes back what was to be sent on leaving; nothing happens when there is none of that id.</summary>
    void KeepFromSending(EntityId commit);

    /// <summary>One thing at once, and again each time it looks different, until told to stop; after the connection was lost it goes on by itself.</summary>
    IAsyncEnumerable<Sheet?> Watch(SheetRequest request, CancellationToken cancellation);

    /// <summary>A place in all that happens, now: what is read from now on holds what lies before it.</summary>
    Task<string> Place(CancellationToken cancellation);

    /// <summary>What changes behind a place, until told to stop. It ends once the connection was lost and is there again: by then much may have happened, and it is less to read anew what is shown.</summary>
    /// <param name="types">Names of entity and relationship types, and <c>Model</c>.</param>
    IAsyncEnumerable<ChangeNews> Changes(ImmutableArray<string> types, string place, CancellationToken cancellation);
}

/// <summary>Nobody answered: no network, no server, or one that is starting or stopping. Trying again later is right.</summary>
internal sealed class ServerGoneException : Exception
{
    public ServerGoneException() { }
    public ServerGoneException(string message) : base(message) { }
    public ServerGoneException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>The session is over: nobody is signed in.</summary>
internal sealed class SignedOutException : Exception
{
    public SignedOutException() { }
    public SignedOutException(string message) : base(message) { }
    public SignedOutException(string message, Exception inner) : base(message, inner) { }
}
