using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using NuGet.Common;
using NuGet.Packaging.Signing;
using HashAlgorithmName = System.Security.Cryptography.HashAlgorithmName;

namespace Xrm.Host.Tests.Trust;

/// <summary>Gives timestamps (RFC 3161) with a certificate of its own, for what is signed at this moment.</summary>
internal sealed class Stamper : ITimestampProvider, IDisposable
{
    private const string Token = "1.2.840.113549.1.9.16.2.14";
    private const string TokenContent = "1.2.840.113549.1.9.16.1.4";
    private const string SigningCertificate = "1.2.840.113549.1.9.16.2.47";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";

    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;

    public Stamper()
    {
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=A giver of timestamps", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.8")], critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }

    /// <summary>What trusts it.</summary>
    public X509Certificate2Collection Roots => [_certificate];

    public Task<PrimarySignature> TimestampSignatureAsync(PrimarySignature primarySignature, TimestampRequest timestampRequest, ILogger logger, CancellationToken token)
    {
        var cms = new SignedCms();
        cms.Decode(primarySignature.GetBytes());
        var signer = cms.SignerInfos[0];
        signer.AddUnsignedAttribute(new AsnEncodedData(new Oid(Token), Stamp(signer.GetSignature())));
        return Task.FromResult(PrimarySignature.Load(cms.Encode()));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private byte[] Stamp(byte[] signature)
    {
        var content = new AsnWriter(AsnEncodingRules.DER);
        using (content.PushSequence())
        {
            content.WriteInteger(1);
            content.WriteObjectIdentifier("1.3.6.1.4.1.99999.1");
            using (content.PushSequence())
            {
                using (content.PushSequence())
                    content.WriteObjectIdentifier(Sha256);
                content.WriteOctetString(SHA256.HashData(signature));
            }
            content.WriteInteger(1);
            content.WriteGeneralizedTime(TimeProvider.System.GetUtcNow(), omitFractionalSeconds: true);
        }
        var attribute = new AsnWriter(AsnEncodingRules.DER);
        using (attribute.PushSequence())
        using (attribute.PushSequence())
        using (attribute.PushSequence())
            attribute.WriteOctetString(SHA256.HashData(_certificate.RawData));
        var cms = new SignedCms(new ContentInfo(new Oid(TokenContent), content.Encode()));
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, _certificate) { DigestAlgorithm = new Oid(Sha256), IncludeOption = X509IncludeOption.EndCertOnly };
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid(SigningCertificate), attribute.Encode()));
        cms.ComputeSignature(signer);
        return cms.Encode();
    }
}
