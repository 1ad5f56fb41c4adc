using Xrm.PluginLoading;
using Xrm.Sdk;

namespace Xrm.Host.Uploads;

/// <summary>Reads what a package of unknown content says of itself, by the same checks as when it is installed.</summary>
/// <param name="bundled">The folder of packages that came with the host.</param>
internal sealed class PackageReader(string bundled)
{
    private static readonly PackageLimits Limits = new();

    /// <summary>Whether a package is one of those that came with the host.</summary>
    public bool IsBundled(string sha256) => TrustedPackages.Read(bundled).Any(p => p.Sha256 == sha256);

    /// <summary>The manifest of a package.</summary>
    /// <exception cref="Problem">Invalid: all that is wrong with the package.</exception>
    public static PluginManifest Read(string path, string sha256) =>
        PluginPackage.Read(File.ReadAllBytes(path), Path.GetFileName(path), Limits, sha256).Manifest;
}
