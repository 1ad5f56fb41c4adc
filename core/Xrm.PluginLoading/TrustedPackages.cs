using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>A package whose hash somebody who may wrote down.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Id">The plugin's id.</param>
/// <param name="Version">The plugin's version.</param>
/// <param name="Sha256">The hash of the file as it was then, 64 hexadecimal digits in lower case.</param>
internal sealed record TrustedPackage(string Path, string Id, PluginVersion Version, string Sha256);

/// <summary>The list of packages that come with the host, <c>bundled.json</c>: the build writes it with their hashes.</summary>
internal static class TrustedPackages
{
    public const string BundledList = "bundled.json";

    /// <summary>The packages listed; none when there is no list.</summary>
    /// <exception cref="Problem">Invalid: the list cannot be read.</exception>
    public static ImmutableArray<TrustedPackage> Read(string folder)
    {
        var path = System.IO.Path.Combine(folder, BundledList);
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

    private static string FileName(string file) =>
        file.Length > 0 && file == System.IO.Path.GetFileName(file) && !file.Contains('\\', StringComparison.Ordinal)
            ? file
            : throw new FormatException($"\"{file}\" is not a file name");
}
