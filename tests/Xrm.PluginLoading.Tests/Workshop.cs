using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xrm.Core;
using Xrm.Core.Administration;
using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.PluginLoading.Tests;

/// <summary>A folder of packages to start plugins from, and an engine to start them on.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    private static readonly string Built = Path.Combine(AppContext.BaseDirectory, "bundled");

    private readonly string _root = Directory.CreateTempSubdirectory("xrm-plugins-").FullName;
    private readonly JsonArray _list = [];
    private Engine? _engine;
    private PluginHost? _host;

    public Workshop()
    {
        Directory.CreateDirectory(Bundled);
        Directory.CreateDirectory(Plugins);
    }

    public string Bundled => Path.Combine(_root, "bundled");

    public string Plugins => Path.Combine(_root, "data", "plugins");

    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a handler may take; null = as in a host.</summary>
    public TimeSpan? HookTime { get; init; }

    public PackageLimits Limits { get; init; } = new();

    public Engine Engine => _engine!;

    /// <summary>What the engine keeps its log in.</summary>
    public MemoryJournal Journal { get; } = new();

    /// <summary>The bytes of a package as it was built.</summary>
    public static byte[] Package(string fixture) => File.ReadAllBytes(Directory.EnumerateFiles(Built, fixture + ".*.nupkg").Single());

    /// <summary>Puts built packages into the folder and on the list.</summary>
    public Workshop With(params string[] fixtures)
    {
        foreach (var fixture in fixtures)
        {
            var bytes = Package(fixture);
            Add(fixture + ".nupkg", Manifest(bytes).Id, bytes);
        }
        return this;
    }

    /// <summary>Puts a package into the folder, changed, under the id that it then has.</summary>
    public Workshop With(string fixture, Action<JsonObject> change)
    {
        var bytes = Rewrite(Package(fixture), change);
        var id = Manifest(bytes).Id;
        return Add(id + ".nupkg", id, bytes);
    }

    /// <summary>Puts any bytes into the folder and on the list.</summary>
    public Workshop Add(string file, string id, byte[] bytes, string version = "0.1.0")
    {
        File.WriteAllBytes(Path.Combine(Bundled, file), bytes);
        _list.Add(new JsonObject { ["file"] = file, ["id"] = id, ["version"] = version, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) });
        return this;
    }

    public PluginHostOptions Options(params string[] wanted) => new()
    {
        BundledFolder = Bundled,
        PluginFolder = Plugins,
        Wanted = [.. wanted],
        MasterKey = Encoding.UTF8.GetBytes("a key of thirty-two bytes, or so"),
        TimeLimit = TimeLimit,
        Limits = Limits,
        Grace = Grace,
        ProofTime = TimeSpan.FromSeconds(30),
    };

    public Task<PluginHost> Start(params string[] wanted) => Start(Options(wanted));

    public Task<PluginHost> StartAsItIs() => Begin(Options());

    public Task<PluginHost> Start(PluginHostOptions options)
    {
        WriteList();
        return Begin(options);
    }

    private async Task<PluginHost> Begin(PluginHostOptions options)
    {
        _engine ??= await Engines.Open(Journal, HookTime);
        if (_host is not null)
            await _host.DisposeAsync();
        return _host = await PluginHost.Start(options, _engine, TestContext.Current.CancellationToken);
    }

    public void WriteList() => File.WriteAllText(Path.Combine(Bundled, TrustedPackages.BundledList), new JsonObject { ["packages"] = _list.DeepClone() }.ToJsonString());

    /// <summary>A package with its manifest changed.</summary>
    public static byte[] Rewrite(byte[] package, Action<JsonObject> change) => Edit(package, zip =>
    {
        var entry = zip.GetEntry("plugin/plugin.json")!;
        JsonObject manifest;
        using (var from = entry.Open())
            manifest = JsonNode.Parse(from)!.AsObject();
        change(manifest);
        entry.Delete();
        Write(zip, "plugin/plugin.json", manifest.ToJsonString());
    });

    /// <summary>A package with anything changed.</summary>
    public static byte[] Edit(byte[] package, Action<ZipArchive> change)
    {
        using var stream = new MemoryStream();
        stream.Write(package);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
            change(zip);
        return stream.ToArray();
    }

    /// <summary>Installing a built package that nobody vouches for.</summary>
    public static PluginRequest Install(string fixture, Action<JsonObject>? change = null) => new(PluginAction.Install)
    {
        Package = change is null ? Package(fixture) : Rewrite(Package(fixture), change),
        PackageName = fixture + ".nupkg",
        TrustOnce = true,
    };

    public static void Write(ZipArchive zip, string path, string text)
    {
        using var to = new StreamWriter(zip.CreateEntry(path).Open());
        to.Write(text);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private static PluginManifest Manifest(byte[] package)
    {
        using var zip = new ZipArchive(new MemoryStream(package));
        using var reader = new StreamReader(zip.GetEntry("plugin/plugin.json")!.Open());
        return PluginManifest.Parse(reader.ReadToEnd());
    }
}

internal static class States
{
    public static PluginState Of(this PluginHost host, string id) => host.States.Single(s => s.Id == id);

    public static void ShouldRun(this PluginHost host, params string[] ids) =>
        host.Running.Select(r => r.Manifest.Id).ShouldBe(ids, ignoreOrder: true);

    /// <summary>Refused in a phase with one reason, which says this in English and something in French.</summary>
    public static void ShouldBeRefused(this PluginHost host, string id, PluginPhase phase, params string[] english)
    {
        var state = host.Of(id);
        state.Phase.ShouldBe(phase);
        var reason = state.Reasons.ShouldHaveSingleItem();
        foreach (var part in english)
            reason.En.ShouldContain(part);
        reason.Fr.ShouldNotBeNullOrWhiteSpace();
        reason.Fr.ShouldNotBe(reason.En);
    }
}
