using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Xrm.Host.Tests;
using Xrm.Sdk;

namespace Xrm.Packaging.Tests;

/// <summary>An author of plugins on a machine of their own: a home folder with nothing of this repository in it, and what the guide says was done.</summary>
public sealed class Author : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();

    /// <summary>The home folder.</summary>
    public string Home => _home.Path;

    /// <summary>What the steps said.</summary>
    public string Said { get; private set; } = "";

    /// <summary>How long the steps took.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>The package that the steps made.</summary>
    public string Package => Path.Combine(Home, "boats", "Boats.1.0.0.nupkg");

    public async ValueTask InitializeAsync()
    {
        Packages();
        Sources();
        var watch = Stopwatch.StartNew();
        Said = await Do(Places.Root, Guide.Authoring);
        Took = watch.Elapsed;
    }

    public ValueTask DisposeAsync()
    {
        // Links to packages first: what they lead to is not the test's.
        foreach (var link in Directory.EnumerateDirectories(Path.Combine(Home, "packages")).Where(d => new DirectoryInfo(d).LinkTarget is not null))
            Directory.Delete(link);
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Does steps in a shell, and answers what they said; one that fails ends the test.</summary>
    internal async Task<string> Do(string folder, IEnumerable<string> steps, params (string Name, string Value)[] environment)
    {
        var (code, said) = await Try(folder, steps, environment);
        return code == 0 ? said : throw new InvalidOperationException($"A step failed ({code}).\n{said}");
    }

    /// <summary>Does steps in a shell until one fails, and answers its exit code and what was said.</summary>
    internal async Task<(int Code, string Said)> Try(string folder, IEnumerable<string> steps, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", ["-ex", "-c", string.Join('\n', steps)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("XRM_", StringComparison.Ordinal) || k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        (string Name, string Value)[] own =
        [
            ("HOME", Home), ("DOTNET_CLI_HOME", Home), ("NUGET_PACKAGES", Path.Combine(Home, "packages")), ("LANG", "en_US.UTF-8"), ("DOTNET_CLI_UI_LANGUAGE", "en"),
            ("DOTNET_NOLOGO", "1"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false"),
            // Nothing that the steps start stays behind.
            ("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
        ];
        foreach (var (name, value) in own.Concat(environment))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        return (process.ExitCode, await error + await output);
    }

    /// <summary>Writes a file under the home folder.</summary>
    internal void Write(string path, string text)
    {
        var file = Path.Combine(Home, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    internal static string[] Entries(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        return [.. zip.Entries.Select(e => e.FullName)];
    }

    internal static PluginManifest Manifest(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        using var reader = new StreamReader(zip.GetEntry("plugin/plugin.json")!.Open());
        return PluginManifest.Parse(reader.ReadToEnd());
    }

    /// <summary>The packages of others are those that this machine has already; none of ours is among them.</summary>
    private void Packages()
    {
        var own = Directory.CreateDirectory(Path.Combine(Home, "packages")).FullName;
        var machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } said ? said : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var package in Directory.Exists(machine) ? Directory.EnumerateDirectories(machine) : [])
            if (Path.GetFileName(package) is var name && !name.StartsWith("xrm.", StringComparison.Ordinal) && name is not ("boats" or "fleet"))
                Directory.CreateSymbolicLink(Path.Combine(own, name), package);
    }

    /// <summary>Where packages come from is as on this machine, in a file of the author's own.</summary>
    private void Sources()
    {
        var machine = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "NuGet", "NuGet.Config");
        if (File.Exists(machine))
            Write(Path.Combine(".nuget", "NuGet", "NuGet.Config"), File.ReadAllText(machine));
    }
}
