using Xrm.Sdk;

namespace Xrm.PluginWriter;

/// <summary>A plugin that the one being built references: built beside it, or out of its package.</summary>
/// <param name="Reference">The assembly that was compiled against.</param>
/// <param name="Assembly">The assembly that runs; its own dependencies lie beside it.</param>
/// <param name="Manifest">What it says of itself.</param>
internal sealed record RequiredPlugin(string Reference, string Assembly, PluginManifest Manifest)
{
    /// <summary>Whether a plugin's manifest belongs to a reference; null when none does.</summary>
    public static RequiredPlugin? Find(string reference)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(reference))!;
        var manifest = Path.Combine(folder, PluginManifest.FileName);
        // In a package the references are in ref/net10.0, and what runs is in plugin.
        if (!File.Exists(manifest) && Path.GetFileName(Path.GetDirectoryName(folder)) == "ref")
            manifest = Path.Combine(folder, "..", "..", PluginManifest.Folder, PluginManifest.FileName);
        if (!File.Exists(manifest))
            return null;
        try
        {
            var read = PluginManifest.Parse(File.ReadAllText(manifest));
            // A folder may hold more than the plugin: its own dependencies are not plugins.
            return read.Assembly == Path.GetFileName(reference) ? new(reference, Path.GetFullPath(read.Assembly, Path.GetDirectoryName(Path.GetFullPath(manifest))!), read) : null;
        }
        catch (Problem problem)
        {
            throw new BuildFailure("XRM0009", [.. problem.Faults.Select(f => $"{manifest}: {f.Message.En}")]);
        }
    }
}
