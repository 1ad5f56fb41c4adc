using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.PluginWriter;

/// <summary>Copies packages into a folder and lists them there in <c>bundled.json</c> with their hashes: what the host trusts.</summary>
internal static class BundleCommand
{
    private const string ListName = "bundled.json";

    public static void Run(Arguments arguments)
    {
        var folder = Directory.CreateDirectory(arguments.One("out")).FullName;
        var packages = arguments.All("package").Select(file => (File: file, Bytes: File.ReadAllBytes(file)))
            .Select(p => (p.File, p.Bytes, Manifest: Manifest(p.File, p.Bytes)))
            .OrderBy(p => p.Manifest.Id, StringComparer.Ordinal)
            .ToList();
        foreach (var twice in packages.GroupBy(p => (p.Manifest.Id, p.Manifest.Version)).Where(g => g.Count() > 1))
            throw new BuildFailure("XRM0008", $"{string.Join(" and ", twice.Select(p => Path.GetFileName(p.File)))} are both the plugin \"{twice.Key.Id}\" {twice.Key.Version}");
        using var list = new MemoryStream();
        using (var json = new Utf8JsonWriter(list, new() { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("packages");
            foreach (var (file, bytes, manifest) in packages)
            {
                json.WriteStartObject();
                json.WriteString("file", Path.GetFileName(file));
                json.WriteString("id", manifest.Id);
                json.WriteString("version", manifest.Version.ToString());
                json.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(bytes)));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        var kept = packages.Select(p => Path.GetFileName(p.File)).ToHashSet(StringComparer.Ordinal);
        foreach (var old in Directory.EnumerateFiles(folder, "*.nupkg").Where(f => !kept.Contains(Path.GetFileName(f))))
            File.Delete(old);
        foreach (var (file, bytes, _) in packages)
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(file)), bytes);
        File.WriteAllBytes(Path.Combine(folder, ListName), list.ToArray());
    }

    private static PluginManifest Manifest(string file, byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        var entry = zip.GetEntry($"{PluginManifest.Folder}/{PluginManifest.FileName}")
            ?? throw new BuildFailure("XRM0009", $"{Path.GetFileName(file)} is not a plugin's package: it has no {PluginManifest.Folder}/{PluginManifest.FileName}");
        using var reader = new StreamReader(entry.Open());
        try
        {
            return PluginManifest.Parse(reader.ReadToEnd());
        }
        catch (Problem problem)
        {
            throw new BuildFailure("XRM0009", [.. problem.Faults.Select(f => $"{Path.GetFileName(file)}: {f.Message.En}")]);
        }
    }
}
