using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>The packages that a data folder keeps, and what is unpacked of them.</summary>
/// <param name="folder">The data folder's <c>plugins</c>; made when it is not there.</param>
internal sealed class PackageStore(string folder, PackageLimits limits)
{
    private string Packages => Path.Combine(folder, "packages");

    /// <summary>Where packages are unpacked.</summary>
    public string Code => Path.Combine(folder, "code");

    /// <exception cref="Problem">Invalid: it is not there, was changed, or is no good package for this program.</exception>
    public PluginPackage Read(string id, KeptPackage kept) =>
        PluginPackage.Read(new TrustedPackage(Path.Combine(Packages, kept.File), id, kept.Version, kept.Sha256), limits);

    public bool Has(KeptPackage kept) => File.Exists(Path.Combine(Packages, kept.File));

    /// <summary>How a package is kept; nothing is written yet.</summary>
    public static KeptPackage NameOf(PluginPackage package) =>
        new($"{package.Manifest.Id}.{package.Manifest.Version}-{package.Sha256[..12]}.nupkg", package.Sha256, package.Manifest.Version);

    /// <summary>Keeps a package, if it is not kept already.</summary>
    public KeptPackage Keep(PluginPackage package)
    {
        var kept = NameOf(package);
        var path = Path.Combine(Packages, kept.File);
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Packages);
            WholeFile.Write(path, package.Bytes.Span);
        }
        return kept;
    }

    /// <summary>Takes away packages, and folders of unpacked ones, that nothing on the list needs. What cannot be taken away now is tried again another time.</summary>
    public void Tidy(InstalledList list)
    {
        var files = list.Plugins.SelectMany(p => new[] { p.Package, p.Before }).OfType<KeptPackage>().ToArray();
        var names = files.Select(f => f.File).ToHashSet(StringComparer.Ordinal);
        if (Directory.Exists(Packages))
            foreach (var file in Directory.EnumerateFiles(Packages).Where(f => !names.Contains(Path.GetFileName(f))))
                Try(() => File.Delete(file));
        if (!Directory.Exists(Code))
            return;
        var needed = list.Plugins.Where(p => p.Package is not null)
            .SelectMany(p => new[] { p.Package!, p.Before ?? p.Package! }.Select(k => Path.Combine(Code, p.Id, PluginPackage.FolderOf(k.Version, k.Sha256)))).ToHashSet(StringComparer.Ordinal);
        foreach (var plugin in Directory.EnumerateDirectories(Code))
        {
            foreach (var unpacked in Directory.EnumerateDirectories(plugin).Where(d => !needed.Contains(d)))
                Try(() => Directory.Delete(unpacked, recursive: true));
            if (!Directory.EnumerateFileSystemEntries(plugin).Any())
                Try(() => Directory.Delete(plugin));
        }
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Files that are too many do no harm.
        }
    }
}
