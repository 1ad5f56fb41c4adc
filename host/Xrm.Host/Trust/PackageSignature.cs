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
        try
        {
            using var reader = new PackageArchiveReader(Stream(package));
            // The library's methods are asynchronous in name; on bytes in memory they are done when they answer.
            if (reader.GetPrimarySignatureAsync(CancellationToken.None).GetAwaiter().GetResult() is not { } signature)
                return null;
            signature.SignedCms.CheckSignature(verifySignatureOnly: true);
            if (signature.SignerInfo.Certificate is not { } certificate || !Digests.Contains(signature.SignerInfo.DigestAlgorithm.Value))
                throw Damaged("NU3010");
            reader.ValidateIntegrityAsync(signature.SignatureContent, CancellationToken.None).GetAwaiter().GetResult();
            return signature.Type == SignatureType.Author ? new(certificate, signature) : null;
        }
        catch (SignatureException e) when (e.Code == NuGetLogCode.NU3008)
        {
            throw new Problem(ProblemCode.Invalid, Label.Of(
                "Le paquet a été modifié après sa signature. Demandez-en un autre à son auteur.",
                "The package was changed after signing. Ask its author for another."), rule: Rule);
        }
        catch (SignatureException e)
        {
            throw Damaged(e.Code.ToString());
        }
        catch (CryptographicException)
        {
            throw Damaged("NU3009");
        }
        catch (InvalidDataException)
        {
            // Not an archive that can be read; whoever reads the package tells so.
            return null;
        }
    }

    private static Problem Damaged(string code) => new(ProblemCode.Invalid, Label.Of(
        $"La signature du paquet est abîmée ou n'est pas valable ({code}). Demandez-en un autre à son auteur.",
        $"The package's signature is damaged or not valid ({code}). Ask its author for another."), rule: Rule);

    private static MemoryStream Stream(ReadOnlyMemory<byte> package) => MemoryMarshal.TryGetArray(package, out var bytes)
        ? new(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
        : new(package.ToArray(), writable: false);
}
