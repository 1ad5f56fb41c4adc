using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>What a fact may need besides the thing it is about.</summary>
internal sealed record FactContext(Reader Reader);

/// <summary>A plugin of the model, by what people call it.</summary>
internal sealed record PluginFact(string Id, Label Title);

/// <summary>A page of a connection, as page info tells it.</summary>
internal sealed record PageFact(bool HasNext, bool HasPrevious, string? Start, string? End);

/// <summary>A change and its sealed place.</summary>
internal sealed record ChangeFact(Change Change, string Cursor);

/// <summary>A page of the log or of a history.</summary>
/// <param name="Of">Where it was read.</param>
internal sealed record ChangePage(IReadOnlyList<ChangeFact> Items, PageFact Page, LogPages Of);

/// <summary>A commit as it was answered.</summary>
internal sealed record CommitFact(Receipt Receipt, string Cursor);
