using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Xrm.Host.Operations;
using Xrm.Host.Trust;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary><c>xrm plugin trust list|add|remove</c>: which packages may be installed besides those that came with the host.</summary>
internal static class TrustCommand
{
    public static Command Make(Given given)
    {
        var t = given.Terminal;
        return new Command("trust", t.Pick("Les paquets et les certificats de confiance.", "The packages and certificates that are trusted.")) { List(given, t), Add(given, t), Remove(given, t) };
    }

    private static Command List(Given given, Terminal t)
    {
        var command = new Command("list", t.Pick("Ce qui est de confiance.", "What is trusted.")) { given.Json };
        command.SetAction(async (parsed, _) =>
        {
            var result = await Operators.Run(given, parsed, "trust-list", []);
            if (given.IsJson(parsed))
                t.Print(result);
            else
                foreach (var (name, kind) in new[] { ("hashes", t.Pick("paquet", "package")), ("certificates", t.Pick("certificat", "certificate")) })
                    foreach (var trusted in result[name]!.AsArray())
                        t.Out.WriteLine($"{trusted!["sha256"]}  {kind}  {trusted["note"]}".TrimEnd());
            return Terminal.Done;
        });
        return command;
    }

    private static Command Add(Given given, Terminal t)
    {
        var what = new Argument<string>("what")
        {
            Description = t.Pick("Une empreinte SHA-256, un paquet (.nupkg) ou un certificat (.cer, .pem).", "A SHA-256, a package (.nupkg) or a certificate (.cer, .pem)."),
        };
        var certificate = new Option<bool>("--certificate")
        {
            Description = t.Pick("L'empreinte est celle d'un certificat ; d'un paquet, prend le certificat de son auteur.", "The SHA-256 is a certificate's; of a package, takes its author's certificate."),
        };
        var note = new Option<string>("--note") { Description = t.Pick("Ce que c'est.", "What it is.") };
        var command = new Command("add", t.Pick("Fait confiance à un paquet, ou à tous ceux que signe un certificat.", "Trusts a package, or all those that a certificate signs.")) { what, certificate, note, given.Json };
        command.SetAction(async (parsed, _) =>
        {
            var found = await Find(parsed.GetValue(what)!, parsed.GetValue(certificate), given.Stop);
            var result = await Operators.Run(given, parsed, "trust-add", new JsonObject
            {
                ["sha256"] = found.Trusted.Sha256,
                ["note"] = parsed.GetValue(note) ?? found.Trusted.Note,
                ["certificate"] = found.IsCertificate,
            });
            if (given.IsJson(parsed))
                t.Print(result);
            else
                t.Say(found.IsCertificate
                    ? Label.Of($"Tout paquet signé par le certificat {result["sha256"]} peut être installé.", $"Every package signed with the certificate {result["sha256"]} may be installed.")
                    : Label.Of($"Le paquet {result["sha256"]} peut être installé.", $"The package {result["sha256"]} may be installed."));
            return Terminal.Done;
        });
        return command;
    }

    private static Command Remove(Given given, Terminal t)
    {
        var which = new Argument<string>("sha256") { Description = t.Pick("L'empreinte, comme « trust list » l'affiche.", "The SHA-256, as \"trust list\" shows it.") };
        var command = new Command("remove", t.Pick("Ne fait plus confiance. Un module installé le reste.", "Trusts no longer. An installed plugin stays installed.")) { which, given.Json };
        command.SetAction(async (parsed, _) =>
        {
            var result = await Operators.Run(given, parsed, "trust-remove", new JsonObject { ["sha256"] = parsed.GetValue(which) });
            if (given.IsJson(parsed))
                t.Print(result);
            else
                t.Say(Label.Of($"{result["removed"]} n'est plus de confiance.", $"{result["removed"]} is trusted no longer."));
            return Terminal.Done;
        });
        return command;
    }

    /// <summary>The hash or fingerprint that was meant, with a note that the file itself gives.</summary>
    private static async Task<(TrustedHash Trusted, bool IsCertificate)> Find(string what, bool isCertificate, CancellationToken cancellation)
    {
        if (TrustList.Normal(what) is { } sha256)
            return (new(sha256), isCertificate);
        if (!File.Exists(what))
            throw new Problem(ProblemCode.Invalid, Label.Of(
                $"« {what} » n'est ni une empreinte SHA-256 (64 chiffres hexadécimaux) ni un fichier.", $"\"{what}\" is neither a SHA-256 (64 hexadecimal digits) nor a file."), "what", Terminal.Usage);
        var bytes = await File.ReadAllBytesAsync(what, cancellation);
        if (!what.EndsWith(".nupkg", StringComparison.OrdinalIgnoreCase))
            return (Of(what, bytes), true);
        if (!isCertificate)
            return (new(Convert.ToHexStringLower(SHA256.HashData(bytes)), Path.GetFileName(what)), false);
        var signature = PackageSignature.Read(bytes) ?? throw new Problem(ProblemCode.Invalid, Label.Of(
            $"« {what} » n'est pas signé par son auteur.", $"\"{what}\" is not signed by its author."), "what");
        return (Of(signature.Certificate), true);
    }

    private static TrustedHash Of(string file, byte[] bytes)
    {
        try
        {
            using var certificate = bytes.AsSpan().IndexOf("-----BEGIN CERTIFICATE-----"u8) >= 0
                ? X509Certificate2.CreateFromPem(System.Text.Encoding.ASCII.GetString(bytes))
                : X509CertificateLoader.LoadCertificate(bytes);
            return Of(certificate);
        }
        catch (CryptographicException)
        {
            throw new Problem(ProblemCode.Invalid, Label.Of(
                $"« {file} » n'est pas un certificat (.cer, .pem), ni un paquet (.nupkg).", $"\"{file}\" is not a certificate (.cer, .pem), nor a package (.nupkg)."), "what");
        }
    }

    private static TrustedHash Of(X509Certificate2 certificate) => new(PackageSignature.FingerprintOf(certificate), certificate.Subject);
}
