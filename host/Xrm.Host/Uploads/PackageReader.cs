using System.IO.Compression;
using Xrm.PluginLoading;
using Xrm.Sdk;

namespace Xrm.Host.Uploads;

/// <summary>Reads what a package of unknown content says of itself, by the same checks as when it is installed.</summary>
/// <param name="bundled">The folder of packages that came with the host.</param>
internal sealed class PackageReader(string bundled)
{
    private static readonly PackageLimits Limits = new();

    /// <summary>Whether a package is one of those that came with the host.</summary>
    public bool IsBundled(string sha256) => TrustedPackages.Read(bundled, TrustedPackages.BundledList).Any(p => p.Sha256 == sha256);

    /// <summary>The manifest of a package.</summary>
    /// <exception cref="Problem">Invalid: all that is wrong with the package.</exception>
    public static PluginManifest Read(string path, string sha256)
    {
        var (id, version) = Names(path);
        return PluginPackage.Read(new(path, id, version, sha256), Limits).Manifest;
    }

    /// <summary>Which plugin it says it is; of one that does not say so clearly nothing, and the reading proper tells why.</summary>
    private static (string Id, PluginVersion Version) Names(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            if (zip.GetEntry($"{PluginManifest.Folder}/{PluginManifest.FileName}") is not { } entry || entry.Length > Limits.Manifest)
                return default;
            using var text = new StreamReader(entry.Open());
            var manifest = PluginManifest.Parse(text.ReadToEnd());
            return (manifest.Id, manifest.Version);
        }
        catch (Exception e) when (e is Problem or InvalidDataException)
        {
            return default;
        }
    }
}
