using Xrm.GraphQL.Schemas;

namespace Xrm.GraphQL.Documents;

/// <summary>Documents by their text, the younger ones.</summary>
internal sealed class DocumentCache(GraphSchema schema, GraphQLLimits limits)
{
    private readonly Generations<Document> _documents = new(limits.CachedLength);

    /// <exception cref="Refusal">See <see cref="Document.Read"/>; what is refused is not kept.</exception>
    public async ValueTask<Document> Get(string text)
    {
        if (_documents.Find(text, static d => d.Text.Length) is { } known)
            return known;
        var document = await Document.Read(text, schema, limits);
        _documents.Keep(text, document, text.Length);
        return document;
    }
}
