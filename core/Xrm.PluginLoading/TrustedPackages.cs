using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>A package that somebody who may said is good.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Id">The plugin's id.</param>
/// <param name="Version">The plugin's version.</param>
/// <param name="Sha256">The hash of the file as it was then, 64 hexadecimal digits in lower case.</param>
internal sealed record TrustedPackage(string Path, string Id, PluginVersion Version, string Sha256);

/// <summary>A folder of packages with the list of those that are trusted: <c>bundled.json</c>, written by the build for those that come
/// with the host, and <c>trusted.json</c> for those added later.</summary>
internal static class TrustedPackages
{
    public const string BundledList = "bundled.json";
    public const string AddedList = "trusted.json";

    /// <summary>The packages listed; none when there is no list.</summary>
    /// <exception cref="Problem">Invalid: the list cannot be read.</exception>
    public static ImmutableArray<TrustedPackage> Read(string folder, string list)
    {
        var path = System.IO.Path.Combine(folder, list);
        if (!File.Exists(path))
            return [];
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. document.RootElement.GetProperty("packages").EnumerateArray().Select(p => new TrustedPackage(
                System.IO.Path.Combine(folder, FileName(p.GetProperty("file").GetString()!)),
                p.GetProperty("id").GetString()!,
                PluginVersion.Parse(p.GetProperty("version").GetString()!),
                p.GetProperty("sha256").GetString()!))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new Problem(ProblemCode.Invalid, Label.Of(
                $"La liste des paquets « {path} » n'est pas lisible ({e.Message}). Rétablissez-la, ou réinstallez l'application.",
                $"The list of packages \"{path}\" cannot be read ({e.Message}). Restore it, or install the application again."));
        }
    }

    /// <summary>Package files in a folder that its list does not name, by path.</summary>
    public static ImmutableArray<string> Strays(string folder, ImmutableArray<TrustedPackage> listed)
    {
        var known = listed.Select(p => p.Path).ToHashSet(StringComparer.Ordinal);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.nupkg").Where(f => !known.Contains(f)).Order(StringComparer.Ordinal)] : [];
    }

    private static string FileName(string file) =>
        file.Length > 0 && file == System.IO.Path.GetFileName(file) && !file.Contains('\\', StringComparison.Ordinal)
            ? file
            : throw new FormatException($"\"{file}\" is not a file name");
}
