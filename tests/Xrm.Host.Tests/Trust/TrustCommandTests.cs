using System.Text.Json.Nodes;
using Xrm.Host.Tests.Plugins;

namespace Xrm.Host.Tests.Trust;

/// <summary><c>xrm plugin trust</c>, beside a host that serves and without one.</summary>
public sealed class TrustCommandTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _files = new();
    private readonly Author _author = new("CN=An author, O=A department");
    private ServingHost? _host;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _author.Dispose();
        _folder.Dispose();
        _files.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hashes_packages_and_certificates_are_added_listed_and_removed(bool serves)
    {
        if (serves)
            _host = await ServingHost.Start(_folder.Path);
        var package = _files.File("hello.nupkg", Packages.Hello);
        var signed = _files.File("signed.nupkg", await _author.Sign(Packages.Hello));
        var pem = _files.File("author.pem", _author.Certificate.ExportCertificatePem());
        var cer = _files.File("author.cer", _author.Certificate.RawData);
        var zeros = new string('0', 64);

        (await Give($"trust add {zeros} --note \"from the department\"")).ShouldBeDone();
        (await Give($"trust add {package}")).ShouldBeDone();
        (await Give($"trust add {pem} --note pem")).ShouldBeDone();
        (await Give($"trust add {cer}")).ShouldBeDone();
        (await Give($"trust add {signed} --certificate --json")).ShouldBeDone().Json["sha256"]!.GetValue<string>().ShouldBe(_author.Fingerprint);

        (await Give("trust list --json")).ShouldBeDone().Json.ShouldBeJson(
            $$"""{"hashes":[{"sha256":"{{zeros}}","note":"from the department"},{"sha256":"{{Packages.Sha256(Packages.Hello)}}","note":"hello.nupkg"}],"certificates":[{"sha256":"{{_author.Fingerprint}}","note":"{{_author.Certificate.Subject}}"}]}""");
        (await Give("trust list")).ShouldBeDone().Out.ShouldContain($"{zeros}  package  from the department");
        File.GetUnixFileMode(Path.Combine(_folder.Path, "trust.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        (await Give($"trust remove {_author.Fingerprint.ToUpperInvariant()}")).ShouldBeDone();
        (await Give($"trust remove {_author.Fingerprint}")).ExitCode.ShouldBe(1);
        (await Give("trust list --json")).ShouldBeDone().Json["certificates"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("trust add 0123", 2, "neither a SHA-256")]
    [InlineData("trust remove 0123", 2, "64 hexadecimal digits")]
    [InlineData("trust add TEXT", 1, "not a certificate")]
    [InlineData("trust add UNSIGNED --certificate", 1, "not signed by its author")]
    [InlineData("trust add CHANGED --certificate", 1, "changed after signing")]
    public async Task What_cannot_be_trusted_is_told(string command, int code, string reason)
    {
        var changed = await _author.Sign(Packages.Hello);
        changed[300] ^= 1;
        var given = command
            .Replace("TEXT", _files.File("some.txt", "some text"), StringComparison.Ordinal)
            .Replace("UNSIGNED", _files.File("unsigned.nupkg", Packages.Hello), StringComparison.Ordinal)
            .Replace("CHANGED", _files.File("changed.nupkg", changed), StringComparison.Ordinal);

        var answer = await Give(given);

        answer.ExitCode.ShouldBe(code, answer.Error);
        answer.Error.ShouldContain(reason);
        File.Exists(Path.Combine(_folder.Path, "trust.json")).ShouldBeFalse();
    }

    private Task<Answer> Give(string arguments) => Command.Run(_folder.Path, "plugin " + arguments);
}

internal static class JsonAnswers
{
    /// <summary>The same JSON, white space aside.</summary>
    public static void ShouldBeJson(this JsonNode json, string expected) => JsonNode.DeepEquals(json, JsonNode.Parse(expected)).ShouldBeTrue(json.ToJsonString());
}
