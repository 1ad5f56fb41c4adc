using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NuGet.Packaging.Signing;

namespace Xrm.Host.Tests.Trust;

/// <summary>Somebody who signs packages as <c>dotnet nuget sign</c> does, with a certificate made for it: good from yesterday until tomorrow.</summary>
internal sealed class Author : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);

    public Author(string name = "CN=An author of plugins")
    {
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest(name, _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        Certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    public X509Certificate2 Certificate { get; }

    public string Fingerprint => Convert.ToHexStringLower(Certificate.GetCertHash(HashAlgorithmName.SHA256));

    /// <summary>A package, signed.</summary>
    /// <param name="stamper">Whoever puts a timestamp on the signature; null = nobody.</param>
    public async Task<byte[]> Sign(byte[] package, ITimestampProvider? stamper = null)
    {
        using var output = new MemoryStream();
        using var options = new SigningOptions(new(() => new MemoryStream(package)), new(() => output), overwrite: true, new X509SignatureProvider(stamper), NuGet.Common.NullLogger.Instance);
        // The request disposes of the certificate that it is given.
        using var request = new AuthorSignPackageRequest(new X509Certificate2(Certificate), NuGet.Common.HashAlgorithmName.SHA256);
        await SigningUtility.SignAsync(options, request, TestContext.Current.CancellationToken);
        return output.ToArray();
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
