using System.Globalization;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Xrm.Core.Administration;
using Xrm.Sdk;

namespace Xrm.Host.Trust;

/// <summary>Says who vouches for a package: the authority's list, by its hash or by the certificate that its author signed it with.</summary>
/// <remarks>
/// A certificate on the list is pinned: it need not chain to a root, and is not looked up among revoked ones; taking it off the list revokes it.
/// It must have been good when it signed. That is now, or, by a timestamp in the signature, then; and a timestamp counts when whoever
/// gave it is trusted by the machine, since the holder of an expired certificate could make one himself.
/// </remarks>
/// <param name="list">What the authority trusts.</param>
/// <param name="time">The clock.</param>
/// <param name="stampers">Roots that givers of timestamps may chain to; null = those of the machine.</param>
internal sealed class Notary(TrustList list, TimeProvider time, X509Certificate2Collection? stampers = null)
{
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    private const string TimestampToken = "1.2.840.113549.1.9.16.2.14";

    /// <summary>Looks at a package.</summary>
    /// <param name="package">Its bytes.</param>
    /// <param name="sha256">Their hash, 64 hexadecimal digits in lower case.</param>
    /// <exception cref="Problem">Unavailable: the list cannot be read.</exception>
    public PackageTrust Look(ReadOnlyMemory<byte> package, string sha256)
    {
        var trusted = list.Read();
        if (trusted.Hashes.Any(h => h.Sha256 == sha256))
            return new(PackageTrust.ByHash, []);
        PackageSignature? signature;
        try
        {
            signature = PackageSignature.Read(package);
        }
        catch (Problem broken)
        {
            return new(null, broken.Faults);
        }
        if (signature is null || !trusted.Certificates.Any(c => c.Sha256 == signature.Fingerprint))
            return new(null, []);
        return WasGood(signature) ? new(PackageTrust.ByCertificate, []) : new(null, [NotGood(signature.Certificate)]);
    }

    private bool WasGood(PackageSignature signature)
    {
        var now = time.GetUtcNow();
        return IsGood(signature.Certificate, now) || Stamps(signature.Signature.SignerInfo).Any(at => at <= now && IsGood(signature.Certificate, at));
    }

    private static bool IsGood(X509Certificate2 certificate, DateTimeOffset at) => certificate.NotBefore.ToUniversalTime() <= at && at <= certificate.NotAfter.ToUniversalTime();

    /// <summary>When the signature is known to have been there, by timestamps over it that count.</summary>
    private IEnumerable<DateTimeOffset> Stamps(SignerInfo signer)
    {
        foreach (var attribute in signer.UnsignedAttributes)
            if (attribute.Oid?.Value == TimestampToken)
                foreach (var value in attribute.Values)
                    if (Rfc3161TimestampToken.TryDecode(value.RawData, out var token, out _) && token.VerifySignatureForSignerInfo(signer, out var giver) && IsTrusted(giver, token))
                        yield return token.TokenInfo.Timestamp;
    }

    private bool IsTrusted(X509Certificate2 giver, Rfc3161TimestampToken token)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new(TimeStamping));
        chain.ChainPolicy.VerificationTime = token.TokenInfo.Timestamp.UtcDateTime;
        chain.ChainPolicy.ExtraStore.AddRange(token.AsSignedCms().Certificates);
        if (stampers is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(stampers);
        }
        return chain.Build(giver);
    }

    private static Fault NotGood(X509Certificate2 certificate)
    {
        var (from, to) = (Day(certificate.NotBefore), Day(certificate.NotAfter));
        return new(ProblemCode.Invalid, Label.Of(
            $"Le paquet est signé par un certificat de confiance qui ne vaut que du {from} au {to}, et aucun horodatage sûr ne dit qu'il a servi à temps. Demandez à l'auteur de le signer à nouveau, ou ajoutez l'empreinte du paquet à la liste (xrm plugin trust add).",
            $"The package is signed with a trusted certificate that is good from {from} to {to} only, and no timestamp to rely on says that it was used in time. Ask the author to sign it again, or add the package's hash to the list (xrm plugin trust add)."), null, PackageSignature.Rule);
    }

    private static string Day(DateTime at) => at.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
