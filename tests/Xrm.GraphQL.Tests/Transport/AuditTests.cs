using System.Diagnostics;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>The audits of the GraphQL-over-HTTP draft that its working group keeps in the npm package graphql-http.</summary>
public sealed class AuditTests(TransportServer server) : IClassFixture<TransportServer>
{
    private const string Packages = "graphql-http@1.22.4 graphql@16.11.0";

    [Fact]
    public async Task Every_audit_of_the_http_draft_passes()
    {
        var folder = await Installed();
        var script = Path.Combine(folder, "audits.mjs");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Transport", "audits.mjs"), script, overwrite: true);
        var (code, output) = await Run("node", [script, server.Address.AbsoluteUri], folder);
        code.ShouldBe(0, output);
        output.ShouldContain("audits ok");
    }

    /// <summary>The folder with the packages, which stays for the next run.</summary>
    private static async Task<string> Installed()
    {
        var folder = Path.Combine(Path.GetTempPath(), "xrm-audits-" + Packages.Replace(' ', '-').Replace('@', '-'));
        if (Directory.Exists(Path.Combine(folder, "node_modules", "graphql-http")))
            return folder;
        Directory.CreateDirectory(folder);
        var (code, output) = await Run("npm", ["install", "--no-audit", "--no-fund", "--prefix", folder, .. Packages.Split(' ')], folder);
        code.ShouldBe(0, output);
        return folder;
    }

    private static async Task<(int Code, string Output)> Run(string program, IEnumerable<string> arguments, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }
}
