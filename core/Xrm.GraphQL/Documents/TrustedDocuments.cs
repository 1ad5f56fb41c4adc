using System.Collections.Frozen;
using Xrm.Sdk;

namespace Xrm.GraphQL.Documents;

/// <summary>Documents that were put on a list beforehand. Each is known by the id it was listed with, and by the SHA-256 of its text.</summary>
internal sealed class TrustedDocuments
{
    public static readonly TrustedDocuments None = Of([]);

    private readonly FrozenDictionary<string, string> _byName;
    private readonly FrozenSet<string> _texts;

    private TrustedDocuments(Dictionary<string, string> byName)
    {
        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        _texts = byName.Values.ToFrozenSet(StringComparer.Ordinal);
    }

    public int Count => _texts.Count;

    /// <exception cref="Problem">Invalid: two documents of one id, all such ids.</exception>
    public static TrustedDocuments Of(IEnumerable<ListedDocument> listed)
    {
        var byName = new Dictionary<string, string>(StringComparer.Ordinal);
        var faults = new List<Fault>();
        foreach (var (id, text) in listed)
        {
            byName[DocumentName.HashOf(text)] = text;
            if (id is not null && !byName.TryAdd(id, text) && byName[id] != text)
                faults.Add(new(ProblemCode.Invalid, Label.Of($"Deux documents ont l'identifiant « {id} ».", $"Two documents have the id \"{id}\"."), id, "documents"));
        }
        return faults.Count == 0 ? new(byName) : throw new Problem(faults);
    }

    /// <summary>The text of a document; null when it is not on the list.</summary>
    public string? Find(DocumentName name) => _byName.GetValueOrDefault(name.Id) ?? (name.Hash is { } hash ? _byName.GetValueOrDefault(hash) : null);

    /// <summary>Whether this very text is on the list.</summary>
    public bool Holds(string text) => _texts.Contains(text);
}

/// <summary>A document as a list has it.</summary>
/// <param name="Id">What clients call it; null when by its hash alone.</param>
internal readonly record struct ListedDocument(string? Id, string Text);
