using System.Collections.Immutable;
using System.Reflection;

namespace Xrm.Sdk;

/// <summary>What a package says of itself in its <c>plugin.json</c>: written by the build, read before any of its code is loaded.</summary>
/// <param name="Id">The plugin's id.</param>
/// <param name="Version">The package's version.</param>
/// <param name="Assembly">The file name of the assembly that holds the plugin.</param>
public sealed record PluginManifest(string Id, PluginVersion Version, string Assembly)
{
    /// <summary>What the file is called.</summary>
    public const string FileName = "plugin.json";

    /// <summary>The folder of the package that holds it and everything the plugin runs on.</summary>
    public const string Folder = "plugin";

    /// <summary>The form that this sdk writes, and the only one it reads.</summary>
    public const int Format = 1;

    /// <summary>The version of this sdk.</summary>
    public static PluginVersion SdkVersion { get; } =
        PluginVersion.Parse(typeof(PluginManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);

    /// <summary>What people read.</summary>
    public required Label Title { get; init; }

    /// <summary>What it is for.</summary>
    public required Label Description { get; init; }

    /// <summary>The versions of the sdk that it runs on.</summary>
    public required PluginVersionRange Sdk { get; init; }

    /// <summary>The plugins it cannot be without.</summary>
    public ImmutableArray<PluginRequirement> Requires { get; init; } = [];

    /// <summary>What it asks to be allowed.</summary>
    public PluginPermissions Permissions { get; init; } = PluginPermissions.None;

    /// <summary>What becomes of data of earlier versions, lower versions first.</summary>
    public ImmutableArray<MigrationSummary> Migrations { get; init; } = [];

    /// <summary>All that it says about the model; a plugin's own field types are stand-ins.</summary>
    public required ModelDescription Model { get; init; }

    /// <summary>The file's text. The same manifest always gives the same text.</summary>
    public string ToJson() => PluginManifestJson.Write(this);

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="Problem">Invalid: every fault of it, each naming its place.</exception>
    public static PluginManifest Parse(string json) => PluginManifestJson.Read(json);

    /// <summary>Whether a text can be a plugin's id: lower case letters, digits and hyphens, first a letter, at most 64.</summary>
    public static bool IsId(string? id) =>
        id is { Length: > 0 and <= 64 } && id[0] is >= 'a' and <= 'z' && id.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');
}

/// <summary>A plugin that another cannot be without.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Versions">The versions that will do.</param>
public sealed record PluginRequirement(string Id, PluginVersionRange Versions);

/// <summary>What a package tells of a migration in it.</summary>
/// <param name="To">The version that needs it.</param>
/// <param name="Type">The type whose things it goes through.</param>
/// <param name="What">What it does.</param>
public sealed record MigrationSummary(PluginVersion To, string Type, Label What)
{
    /// <summary>The summaries of a plugin's migrations, lower versions first.</summary>
    public static ImmutableArray<MigrationSummary> Of(Plugin plugin) => [.. plugin.Migrations.OrderBy(m => m.To).Select(m => new MigrationSummary(m.To, m.Type, m.What))];
}
