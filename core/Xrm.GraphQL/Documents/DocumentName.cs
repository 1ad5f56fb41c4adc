using System.Security.Cryptography;
using System.Text;

namespace Xrm.GraphQL.Documents;

/// <summary>What a request calls its document by, instead of its text or beside it.</summary>
/// <param name="Id">The <c>documentId</c>, or a hash in 64 hexadecimal digits, lower case.</param>
/// <param name="IsAutomatic">Whether it is the hash of an automatically persisted document: the client sends the text when it is told that the hash is not known.</param>
internal sealed record DocumentName(string Id, bool IsAutomatic)
{
    /// <summary>Before the hash in a <c>documentId</c> that is one.</summary>
    public const string HashPrefix = "sha256:";

    /// <summary>The hash that it is; null when it is a name that somebody chose.</summary>
    public string? Hash { get; } = IsAutomatic ? Id : Id.StartsWith(HashPrefix, StringComparison.Ordinal) ? Id[HashPrefix.Length..].ToLowerInvariant() : null;

    /// <summary>The SHA-256 of a document's UTF-8 in 64 hexadecimal digits, lower case.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
