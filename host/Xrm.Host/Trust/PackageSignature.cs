using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NuGet.Common;
using NuGet.Packaging;
using NuGet.Packaging.Signing;
using Xrm.Sdk;

namespace Xrm.Host.Trust;

/// <summary>The signature that a package's author put on it, found whole: the package is, byte for byte, what was signed.</summary>
/// <param name="Certificate">The certificate that it was signed with; nothing is said of whether somebody trusts it.</param>
/// <param name="Signature">The signature itself.</param>
internal sealed record PackageSignature(X509Certificate2 Certificate, PrimarySignature Signature)
{
    /// <summary>The rule of every fault of a signature.</summary>
    public const string Rule = "signature";

    // What NuGet signs with; older ones can be forged.
    private static readonly string[] Digests = ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    /// <summary>SHA-256 of the certificate, 64 hexadecimal digits in lower case.</summary>
    public string Fingerprint => FingerprintOf(Certificate);

    public static string FingerprintOf(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));

    /// <summary>Reads a package's signature and holds the package against it.</summary>
    /// <returns>Null when no author signed it (a repository's own signature does not count), or it is no package at all.</returns>
    /// <exception cref="Problem">Invalid: it was changed after signing, or the signature is damaged or not one of NuGet's.</exception>
    public static PackageSignature? Read(ReadOnlyMemory<byte> package)
    {
        PackageArchiveReader reader;
        try
        {
            reader = new PackageArchiveReader(Stream(package));
        }
        catch (InvalidDataException)
        {
            // Not an archive that can be read; whoever reads the package tells so.
            return null;
        }
        using (reader)
        {
            if (ReadSignature(reader) is not { } signature)
                return null;
            var certificate = Check(signature);
            Compare(reader, signature);
            return signature.Type == SignatureType.Author ? new(certificate, signature) : null;
        }
    }

    // The library's methods are asynchronous in name; on bytes in memory they are done when they answer.
    private static PrimarySignature? ReadSignature(PackageArchiveReader reader)
    {
        try
        {
            return reader.GetPrimarySignatureAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            // What the library stumbles over, and how, is up to whoever made the package.
            throw Damaged(e);
        }
    }

    private static X509Certificate2 Check(PrimarySignature signature)
    {
        try
        {
            signature.SignedCms.CheckSignature(verifySignatureOnly: true);
        }
        catch (CryptographicException e)
        {
            throw Damaged(e);
        }
        return signature.SignerInfo.Certificate is { } certificate && Digests.Contains(signature.SignerInfo.DigestAlgorithm.Value)
            ? certificate
            : throw Damaged(new SignatureException(NuGetLogCode.NU3010, ""));
    }

    private static void Compare(PackageArchiveReader reader, PrimarySignature signature)
    {
        try
        {
            reader.ValidateIntegrityAsync(signature.SignatureContent, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception)
        {
            // To tell which package it is, the library reads on in what it found changed, and stumbles in many ways.
            throw new Problem(ProblemCode.Invalid, Label.Of(
                "Le paquet a été modifié après sa signature. Demandez-en un autre à son auteur.",
                "The package was changed after signing. Ask its author for another."), rule: Rule);
        }
    }

    private static Problem Damaged(Exception e)
    {
        var why = e is SignatureException known ? known.Code.ToString() : e.GetType().Name;
        return new(ProblemCode.Invalid, Label.Of(
            $"La signature du paquet est abîmée ou n'est pas valable ({why}). Demandez-en un autre à son auteur.",
            $"The package's signature is damaged or not valid ({why}). Ask its author for another."), rule: Rule);
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> package) => MemoryMarshal.TryGetArray(package, out var bytes)
        ? new(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
        : new(package.ToArray(), writable: false);
}
