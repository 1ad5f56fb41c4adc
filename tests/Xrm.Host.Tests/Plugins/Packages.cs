using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Host.Tests.Plugins;

/// <summary>Packages as they were built, and changed ones.</summary>
internal static class Packages
{
    /// <summary>The smallest plugin's, as it lies beside the program.</summary>
    public static byte[] Hello { get; } = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(Places.Program)!, "bundled", "Hello.0.1.0.nupkg"));

    /// <summary>The same plugin in another package, which did not come with the host.</summary>
    public static byte[] OtherHello(string note = "made elsewhere") => With(Hello, "plugin/NOTE.txt", note);

    /// <summary>Where the package of a fixture lies.</summary>
    public static string Fixture(string name) => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "bundled"), name + ".*.nupkg").Single();

    public static string Sha256(byte[] package) => Convert.ToHexStringLower(SHA256.HashData(package));

    /// <summary>A package with a file more.</summary>
    public static byte[] With(byte[] package, string path, string text) => Edit(package, zip =>
    {
        using var to = new StreamWriter(zip.CreateEntry(path).Open(), new UTF8Encoding(false));
        to.Write(text);
    });

    /// <summary>A package with its manifest changed.</summary>
    public static byte[] Manifest(byte[] package, Action<JsonObject> change) => Edit(package, zip =>
    {
        var entry = zip.GetEntry("plugin/plugin.json")!;
        JsonObject manifest;
        using (var from = entry.Open())
            manifest = JsonNode.Parse(from)!.AsObject();
        change(manifest);
        entry.Delete();
        using var to = new StreamWriter(zip.CreateEntry("plugin/plugin.json").Open(), new UTF8Encoding(false));
        to.Write(manifest.ToJsonString());
    });

    /// <summary>A package with a file more that is not compressed.</summary>
    public static byte[] WithStored(byte[] package, string path, byte[] bytes) => Edit(package, zip =>
    {
        using var to = zip.CreateEntry(path, CompressionLevel.NoCompression).Open();
        to.Write(bytes);
    });

    /// <summary>A file of a package.</summary>
    public static byte[] Read(byte[] package, string path)
    {
        using var zip = new ZipArchive(new MemoryStream(package));
        using var bytes = new MemoryStream();
        using (var from = zip.GetEntry(path)!.Open())
            from.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>All files that a plugin runs on, with the hash of each.</summary>
    public static string Entries(byte[] package)
    {
        using var zip = new ZipArchive(new MemoryStream(package));
        return string.Join('\n', zip.Entries.Where(e => e.FullName != ".signature.p7s").Select(e => $"{e.FullName} {Sha256(Read(package, e.FullName))}"));
    }

    private static byte[] Edit(byte[] package, Action<ZipArchive> change)
    {
        using var stream = new MemoryStream();
        stream.Write(package);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
            change(zip);
        return stream.ToArray();
    }
}
