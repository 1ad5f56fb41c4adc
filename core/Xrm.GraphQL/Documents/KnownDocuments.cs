using Xrm.Sdk;

namespace Xrm.GraphQL.Documents;

/// <summary>Finds the text of a document that a request calls by a name, and refuses documents that must be known and are not.</summary>
internal sealed class KnownDocuments(DocumentRules rules)
{
    private readonly Generations<string> _persisted = new(rules.PersistedLength);

    /// <summary>The request with the text of its document. It keeps its name where <see cref="Remember"/> has something to do.</summary>
    /// <exception cref="Refusal">The name is not known or not that of the text, or the document must be known and is not.</exception>
    public GraphQLRequest Resolve(in GraphQLRequest request, Actor actor)
    {
        if (request.Name is null && rules.MaySendOthers is null)
            return request;
        var trusted = rules.Trusted();
        var isOpen = rules.MaySendOthers?.Invoke(actor) ?? true;
        if (request.Name is not { } name)
            return isOpen || trusted.Holds(request.Query) ? request : throw Untrusted();
        var text = trusted.Find(name);
        if (text is null && isOpen && name.Hash is { } hash)
            text = _persisted.Find(hash, static t => t.Length);
        if (request.Query.Length == 0)
            return request with { Query = text ?? throw NotFound(name, isOpen), Name = null };
        if (text == request.Query)
            return request with { Name = null };
        if (name.Hash is null ? text is not null || isOpen : DocumentName.HashOf(request.Query) != name.Hash)
            throw Refusal.Of(ProblemCode.Invalid,
                "Le document envoyé n'est pas celui que désigne son identifiant ou son empreinte SHA-256.",
                "The document sent is not the one that its id or its SHA-256 hash names.", "persistedQuery");
        return isOpen ? request : throw Untrusted();
    }

    /// <summary>Keeps a document by the hash it was sent with, now that it proved valid.</summary>
    public void Remember(in GraphQLRequest request)
    {
        if (request.Name is { IsAutomatic: true } name && rules.PersistedLength > 0)
            _persisted.Keep(name.Id, request.Query, request.Query.Length);
    }

    private static Refusal Untrusted() => Refusal.Of(ProblemCode.Forbidden,
        "Ce serveur n'exécute que des documents inscrits sur sa liste ; celui-ci n'y est pas. Faites-le inscrire.",
        "This server runs only documents on its list; this one is not on it. Have it listed.", "trustedDocuments");

    // Clients know these two by their English texts and codes; told that nothing is kept, they send whole documents from then on.
    private Refusal NotFound(DocumentName name, bool isOpen)
    {
        if (!name.IsAutomatic)
            return Refusal.Of(ProblemCode.NotFound, $"Aucun document n'a l'identifiant « {name.Id} ».", $"No document has the id \"{name.Id}\".", "documentId");
        var (text, code) = isOpen && rules.PersistedLength > 0
            ? ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
            : ("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED");
        return new([new AnswerError(new Fault(ProblemCode.NotFound, Label.Of(text, text), null, "persistedQuery")) { Code = code }]);
    }
}
