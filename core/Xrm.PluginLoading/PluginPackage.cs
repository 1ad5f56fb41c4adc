using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>A package, read and found good; none of its code was loaded.</summary>
internal sealed class PluginPackage
{
    private const string Marker = ".package";

    private readonly byte[] _bytes;
    private readonly PackageLimits _limits;

    private PluginPackage(byte[] bytes, string hash, PluginManifest manifest, PackageLimits limits)
    {
        _bytes = bytes;
        _limits = limits;
        Sha256 = hash;
        Manifest = manifest;
    }

    public PluginManifest Manifest { get; }

    /// <summary>Of the whole file, 64 hexadecimal digits in lower case.</summary>
    public string Sha256 { get; }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>What it may do when it runs.</summary>
    public PluginPermissions Permissions => Manifest.Permissions;

    /// <summary>Reads a package whole: what was hashed is what is unpacked later.</summary>
    /// <exception cref="Problem">Invalid: all that is wrong with it.</exception>
    public static PluginPackage Read(TrustedPackage trusted, PackageLimits limits)
    {
        var file = new FileInfo(trusted.Path);
        if (!file.Exists)
            throw Wrong($"Le paquet « {file.Name} » n'est plus là. Réinstallez le module.", $"The package \"{file.Name}\" is no longer there. Install the plugin again.");
        if (file.Length > limits.Package)
            throw Wrong($"Le paquet « {file.Name} » fait {file.Length} octets ; {limits.Package} au plus sont admis.", $"The package \"{file.Name}\" has {file.Length} bytes; at most {limits.Package} are allowed.");
        var package = Read(File.ReadAllBytes(file.FullName), file.Name, limits, trusted.Sha256);
        var manifest = package.Manifest;
        if (manifest.Id != trusted.Id || manifest.Version != trusted.Version)
            throw Wrong($"Le paquet « {file.Name} » contient {manifest.Id} {manifest.Version}, et non {trusted.Id} {trusted.Version}.", $"The package \"{file.Name}\" holds {manifest.Id} {manifest.Version}, not {trusted.Id} {trusted.Version}.");
        return package;
    }

    /// <summary>Reads a package that is in memory already.</summary>
    /// <param name="name">What its file is called; for messages.</param>
    /// <param name="sha256">The hash that it must have; null = any.</param>
    /// <exception cref="Problem">Invalid: all that is wrong with it.</exception>
    public static PluginPackage Read(byte[] bytes, string name, PackageLimits limits, string? sha256 = null)
    {
        if (bytes.Length > limits.Package)
            throw Wrong($"Le paquet « {name} » fait {bytes.Length} octets ; {limits.Package} au plus sont admis.", $"The package \"{name}\" has {bytes.Length} bytes; at most {limits.Package} are allowed.");
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (sha256 is not null && hash != sha256)
            throw Wrong($"Le paquet « {name} » a changé depuis qu'il a été vérifié. Réinstallez le module depuis une source sûre.", $"The package \"{name}\" was changed after it had been checked. Install the plugin again from a source you trust.");
        var manifest = ReadManifest(name, bytes, limits);
        if (!manifest.Sdk.Contains(PluginManifest.SdkVersion))
            throw Wrong($"Le module est fait pour les versions {manifest.Sdk} du SDK ; cette application a la version {PluginManifest.SdkVersion}. Mettez à jour l'application, ou installez une autre version du module.", $"The plugin is made for the versions {manifest.Sdk} of the sdk; this application has version {PluginManifest.SdkVersion}. Update the application, or install another version of the plugin.");
        if (!Same(manifest.Permissions, PluginPermissions.For(manifest.Model)))
            throw Wrong($"Le manifeste du paquet « {name} » demande autre chose que ce que son modèle exige. Demandez un autre paquet à son auteur.", $"The manifest of the package \"{name}\" asks for something else than its model needs. Ask its author for another package.");
        return new(bytes, hash, manifest, limits);
    }

    /// <summary>The name of the folder that it is unpacked in, below that of its id: two packages of one version do not share one.</summary>
    public static string FolderOf(PluginVersion version, string sha256) => $"{version}-{sha256[..12]}";

    /// <summary>Unpacks what the plugin runs on, unless it is there already, and answers the path of its assembly.</summary>
    /// <param name="folder">The folder for the code of all plugins; this one gets <c>&lt;id&gt;/&lt;version&gt;-&lt;hash&gt;</c> in it.</param>
    /// <exception cref="Problem">Invalid: something in it may not be unpacked.</exception>
    public string Unpack(string folder)
    {
        var target = Path.Combine(folder, Manifest.Id, FolderOf(Manifest.Version, Sha256));
        var assembly = Path.Combine(target, Manifest.Assembly);
        var marker = Path.Combine(target, Marker);
        if (File.Exists(marker) && File.ReadAllText(marker) == Sha256)
            return assembly;
        var fresh = target + ".new";
        Delete(fresh);
        Directory.CreateDirectory(fresh);
        using (var zip = new ZipArchive(new MemoryStream(_bytes)))
            foreach (var (entry, path) in Entries(zip, _limits).Where(e => e.Path.StartsWith(PluginManifest.Folder + "/", StringComparison.Ordinal)))
            {
                var file = Path.Combine(fresh, path[(PluginManifest.Folder.Length + 1)..]);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                Copy(entry, file);
            }
        if (!File.Exists(Path.Combine(fresh, Manifest.Assembly)))
        {
            Delete(fresh);
            throw Wrong($"Le paquet ne contient pas « {Manifest.Assembly} », que son manifeste annonce.", $"The package does not hold \"{Manifest.Assembly}\", which its manifest names.");
        }
        // The marker comes last and the folder is put in place at once: a folder that was cut short is unpacked again.
        File.WriteAllText(Path.Combine(fresh, Marker), Sha256);
        Delete(target);
        Directory.Move(fresh, target);
        return assembly;
    }

    private static PluginManifest ReadManifest(string file, byte[] bytes, PackageLimits limits)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes));
            const string Name = PluginManifest.Folder + "/" + PluginManifest.FileName;
            var entry = Entries(zip, limits).FirstOrDefault(e => e.Path == Name).Entry
                ?? throw Wrong($"Le paquet « {file} » n'est pas celui d'un module : il n'a pas de {Name}.", $"The package \"{file}\" is not a plugin's: it has no {Name}.");
            if (entry.Length > limits.Manifest)
                throw Wrong($"{Name} fait {entry.Length} octets ; {limits.Manifest} au plus sont admis.", $"{Name} has {entry.Length} bytes; at most {limits.Manifest} are allowed.");
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            return PluginManifest.Parse(reader.ReadToEnd());
        }
        catch (InvalidDataException e)
        {
            throw Wrong($"Le fichier « {file} » n'est pas un paquet, ou il est abîmé ({e.Message}).", $"The file \"{file}\" is not a package, or it is damaged ({e.Message}).");
        }
    }

    /// <summary>All files in it by path, once it is sure that none climbs out, that none is there twice, and that they are not too many or too large.</summary>
    private static ImmutableArray<(ZipArchiveEntry Entry, string Path)> Entries(ZipArchive zip, PackageLimits limits)
    {
        if (zip.Entries.Count > limits.Entries)
            throw Wrong($"Le paquet contient {zip.Entries.Count} fichiers ; {limits.Entries} au plus sont admis.", $"The package holds {zip.Entries.Count} files; at most {limits.Entries} are allowed.");
        var size = zip.Entries.Sum(e => e.Length);
        if (size > limits.Unpacked)
            throw Wrong($"Le paquet ferait {size} octets une fois ouvert ; {limits.Unpacked} au plus sont admis.", $"The package would have {size} bytes once unpacked; at most {limits.Unpacked} are allowed.");
        var files = ImmutableArray.CreateBuilder<(ZipArchiveEntry, string)>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in zip.Entries)
        {
            // Packages write unusual characters of names as in web addresses.
            var path = Uri.UnescapeDataString(entry.FullName);
            if (path.EndsWith('/'))
                continue;
            if (!IsInside(path))
                throw Wrong($"Le paquet contient un chemin qui sort de son dossier : « {path} ».", $"The package holds a path that leads out of its folder: \"{path}\".");
            if (!seen.Add(path))
                throw Wrong($"Le paquet contient deux fois « {path} ».", $"The package holds \"{path}\" twice.");
            files.Add((entry, path));
        }
        return files.ToImmutable();
    }

    private static void Copy(ZipArchiveEntry entry, string path)
    {
        using var from = entry.Open();
        using var to = File.Create(path);
        var buffer = new byte[81920];
        long written = 0;
        for (int read; (read = from.Read(buffer)) > 0; written += read)
        {
            // The sizes that were added up are what the package told; one that lied goes no further.
            if (written + read > entry.Length)
                throw Wrong($"« {entry.FullName} » est plus long que le paquet ne l'annonce.", $"\"{entry.FullName}\" is longer than the package tells.");
            to.Write(buffer, 0, read);
        }
    }

    private static bool Same(PluginPermissions said, PluginPermissions needed) =>
        said.Reads.SequenceEqual(needed.Reads) && said.Writes.SequenceEqual(needed.Writes) && said.Endpoints.SequenceEqual(needed.Endpoints)
        && said.Hosts.SequenceEqual(needed.Hosts) && said.Schedules.SequenceEqual(needed.Schedules);

    private static bool IsInside(string path) =>
        !path.Contains('\\', StringComparison.Ordinal) && !path.Contains(':', StringComparison.Ordinal) && !path.Any(char.IsControl)
        && path.Split('/').All(part => part is not ("" or "." or ".."));

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static Problem Wrong(string french, string english) => new(ProblemCode.Invalid, Label.Of(french, english));
}
