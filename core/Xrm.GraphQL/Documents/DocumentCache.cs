using System.Collections.Concurrent;
using Xrm.GraphQL.Schemas;

namespace Xrm.GraphQL.Documents;

/// <summary>Documents by their text, the younger ones. In two generations: when the young one is full it becomes the old one, and what is asked for again comes over.</summary>
internal sealed class DocumentCache(GraphSchema schema, GraphQLLimits limits)
{
    private readonly Lock _lock = new();
    private volatile Generation _young = new();
    private volatile Generation _old = new();

    /// <exception cref="Refusal">See <see cref="Document.Read"/>; what is refused is not kept.</exception>
    public async ValueTask<Document> Get(string text)
    {
        if (_young.Documents.TryGetValue(text, out var document))
            return document;
        if (!_old.Documents.TryGetValue(text, out document))
            document = await Document.Read(text, schema, limits);
        Keep(text, document);
        return document;
    }

    private void Keep(string text, Document document)
    {
        lock (_lock)
        {
            if (_young.Length + text.Length > limits.CachedLength / 2)
            {
                _old = _young;
                _young = new();
            }
            if (_young.Documents.TryAdd(text, document))
                _young.Length += text.Length;
        }
    }

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<string, Document> Documents = new(StringComparer.Ordinal);
        public int Length;
    }
}
