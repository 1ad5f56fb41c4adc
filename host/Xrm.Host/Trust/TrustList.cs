using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.Host.Trust;

/// <summary>Something that the authority trusts.</summary>
/// <param name="Sha256">A package's hash, or a certificate's fingerprint: 64 hexadecimal digits in lower case.</param>
/// <param name="Note">What it is, in the words of whoever added it; empty when they said nothing.</param>
internal sealed record TrustedHash(string Sha256, string Note = "");

/// <summary>What <c>trust.json</c> says.</summary>
internal sealed record TrustFile
{
    /// <summary>Packages that may be installed.</summary>
    public ImmutableArray<TrustedHash> Hashes { get; init; } = [];

    /// <summary>Certificates; what their holders sign may be installed.</summary>
    public ImmutableArray<TrustedHash> Certificates { get; init; } = [];
}

/// <summary>The authority's list of packages and certificates that it trusts, kept in <c>trust.json</c>. All members may be used from several threads at once.</summary>
/// <remarks>The file is read each time: it is seldom asked, and what somebody writes into it by hand holds at once.</remarks>
internal sealed class TrustList(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();

    /// <summary>What is on it now; nothing when there is no file.</summary>
    /// <exception cref="Problem">Unavailable: the file cannot be read. Nothing is trusted then, rather than something else than what was meant.</exception>
    public TrustFile Read()
    {
        if (!File.Exists(path))
            return new();
        try
        {
            var file = JsonSerializer.Deserialize<TrustFile>(File.ReadAllBytes(path), Json) ?? throw new JsonException();
            return new() { Hashes = Checked(file.Hashes), Certificates = Checked(file.Certificates) };
        }
        catch (JsonException)
        {
            throw new Problem(ProblemCode.Unavailable, Label.Of(
                $"Le fichier {path} est abîmé. Corrigez-le, remettez celui de la sauvegarde, ou effacez-le : plus rien n'y est alors de confiance.",
                $"The file {path} is damaged. Correct it, put back the one of the backup, or delete it: nothing is trusted by it then."));
        }
    }

    /// <summary>Adds a package's hash or a certificate's fingerprint; one that is there gets the new note.</summary>
    public void Add(TrustedHash hash, bool isCertificate)
    {
        lock (_lock)
        {
            var file = Read();
            var kept = (isCertificate ? file.Certificates : file.Hashes).RemoveAll(h => h.Sha256 == hash.Sha256).Add(hash);
            Write(isCertificate ? file with { Certificates = kept } : file with { Hashes = kept });
        }
    }

    /// <summary>Takes a hash or fingerprint off the list.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string sha256)
    {
        lock (_lock)
        {
            var file = Read();
            var rest = new TrustFile { Hashes = file.Hashes.RemoveAll(h => h.Sha256 == sha256), Certificates = file.Certificates.RemoveAll(h => h.Sha256 == sha256) };
            if (rest.Hashes.Length == file.Hashes.Length && rest.Certificates.Length == file.Certificates.Length)
                return false;
            Write(rest);
            return true;
        }
    }

    /// <summary>A SHA-256 as people write it, letter case, colons and spaces aside; null when it is none.</summary>
    public static string? Normal(string text)
    {
        var digits = text.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigitLower) ? digits : null;
    }

    private void Write(TrustFile file) => DataFolder.WriteWhole(path, JsonSerializer.SerializeToUtf8Bytes(file, Json));

    private static ImmutableArray<TrustedHash> Checked(ImmutableArray<TrustedHash> hashes) => hashes.IsDefault
        ? []
        : [.. hashes.Select(h => h?.Sha256 is { } text && Normal(text) is { } sha256 ? new TrustedHash(sha256, h.Note ?? "") : throw new JsonException())];
}
