using System.Collections.Immutable;
using System.Text.Json;
using Xrm.PluginLoading;
using Xrm.Sdk;

namespace Xrm.Host;

/// <summary>Which plugins this data folder uses: chosen by the first start, kept in <c>installed.json</c>, so that every command sees the same ones whatever it is told.</summary>
internal static class InstalledPlugins
{
    /// <summary>The plugins to run.</summary>
    /// <param name="path">The file; made when it is not there.</param>
    /// <param name="told">What the settings name; null = all that came with the host.</param>
    /// <param name="isExplicit">Whether somebody said so: then what is not yet among the installed is added.</param>
    /// <param name="bundled">The folder of packages that came with the host.</param>
    public static ImmutableArray<string> Wanted(string path, ImmutableArray<string>? told, bool isExplicit, string bundled)
    {
        ImmutableArray<string> there = [.. TrustedPackages.Read(bundled, TrustedPackages.BundledList).Select(t => t.Id).Distinct(StringComparer.Ordinal)];
        var installed = Read(path);
        var wanted = installed is { } before && !isExplicit ? before : [.. (installed ?? []).Concat(told ?? there).Distinct(StringComparer.Ordinal)];
        var kept = wanted.Where(id => there.Contains(id) || installed?.Contains(id) == true).ToArray();
        if (installed is null || kept.Length > installed.Value.Length)
            DataFolder.WriteWhole(path, JsonSerializer.SerializeToUtf8Bytes(new { plugins = kept }));
        return wanted;
    }

    private static ImmutableArray<string>? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. document.RootElement.GetProperty("plugins").EnumerateArray().Select(p => p.GetString()!)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new Problem(ProblemCode.Unavailable, Label.Of(
                $"Le fichier {path} est abîmé. Remettez celui de la sauvegarde, ou effacez-le : il est refait d'après XRM_PLUGINS.",
                $"The file {path} is damaged. Put back the one of the backup, or delete it: it is made anew from XRM_PLUGINS."));
        }
    }
}
