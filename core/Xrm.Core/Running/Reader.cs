using System.Buffers;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>One state of data and model as one actor sees it. Steps given to it say what is asked; it narrows them to what the actor may see before the store runs them.</summary>
internal sealed class Reader : IDisposable
{
    public CompiledModel Model => throw new NotImplementedException();
    public Actor Actor => throw new NotImplementedException();
    public DateOnly Today => throw new NotImplementedException();

    /// <summary>Narrows a step and runs it: one call of the store.</summary>
    public ValueTask<Rows> Read(ReadStep step, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>A filter of the sdk as a predicate on a type.</summary>
    /// <param name="during">The days of the question around it; null = today, for what is asked through relationships.</param>
    /// <exception cref="Problem">Invalid: a name that the type does not have or a value of the wrong kind.</exception>
    public Predicate Bind(Filter filter, RecordType type, Period? during = null) => throw new NotImplementedException();

    /// <summary>Whether the actor may see things of the type at all.</summary>
    public bool Sees(RecordType type) => throw new NotImplementedException();

    /// <summary>Whether the actor may see the field in some thing at least.</summary>
    public bool Sees(ModelField field) => throw new NotImplementedException();

    /// <summary>Whether the actor may see the field in this row's thing, or, for a field of a relationship type, in its relationship.</summary>
    public bool Sees(ModelField field, in Row row) => throw new NotImplementedException();

    /// <summary>What the thing of a row is called, from the fields that the actor may see.</summary>
    public string DisplayName(in Row row) => throw new NotImplementedException();

    /// <summary>The thing as it was known at a time, with today's rights; null when it was not there or is not seen.</summary>
    public ValueTask<Row?> AsOf(Guid id, DateTimeOffset at, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>What happened to a thing, its relationships not included, oldest first, behind a place; the thing must be seen.</summary>
    public IAsyncEnumerable<Change> History(Guid id, Cursor after, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>The log as the actor may see it, oldest first, behind a place.</summary>
    public IAsyncEnumerable<Change> Changes(Cursor after, CancellationToken cancellation) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
