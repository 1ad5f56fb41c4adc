using System.Diagnostics;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>Runs a script of this folder by Node with packages of npm.</summary>
internal static class NodeScript
{
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>Runs it to its end, which must be a good one.</summary>
    /// <param name="packages">With their versions, a space between them.</param>
    /// <returns>What it wrote.</returns>
    public static async Task<string> Run(string script, string packages, params string[] arguments)
    {
        var folder = await Installed(packages);
        var copy = Path.Combine(folder, script);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Transport", script), copy, overwrite: true);
        var (code, output) = await Run("node", [copy, .. arguments], folder);
        code.ShouldBe(0, output);
        return output;
    }

    /// <summary>The folder with the packages, which stays for the next run.</summary>
    private static async Task<string> Installed(string packages)
    {
        await Turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var folder = Path.Combine(Path.GetTempPath(), "xrm-audits-" + packages.Replace(' ', '-').Replace('@', '-'));
            if (Directory.Exists(Path.Combine(folder, "node_modules", packages.Split(' ', '@')[0])))
                return folder;
            Directory.CreateDirectory(folder);
            var (code, output) = await Run("npm", ["install", "--no-audit", "--no-fund", "--prefix", folder, .. packages.Split(' ')], folder);
            code.ShouldBe(0, output);
            return folder;
        }
        finally
        {
            Turn.Release();
        }
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
