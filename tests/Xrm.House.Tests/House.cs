using System.Collections.Immutable;
using System.Xml.Linq;

namespace Xrm.House.Tests;

/// <summary>The files of the repository, as they lie there.</summary>
internal static class House
{
    private static readonly ImmutableHashSet<string> NotOurs = [".git", ".artifacts", ".vs", ".idea", "bin", "obj", "node_modules", "TestResults", "data"];

    /// <summary>Where the template for new plugins lies.</summary>
    public const string Template = "sdk/Xrm.Templates/content/";

    /// <summary>The folder that holds the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths of all files that are ours, from the root, with forward slashes.</summary>
    public static ImmutableArray<string> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    /// <summary>All project files of this repository; those of the template become somebody else's.</summary>
    public static ImmutableArray<Project> Projects { get; } = [.. Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && !f.StartsWith(Template, StringComparison.Ordinal)).Select(Project.Read)];

    public static IEnumerable<string> Code(params string[] folders) =>
        Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && folders.Any(d => f.StartsWith(d + "/", StringComparison.Ordinal)));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>Lines as an editor counts them.</summary>
    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        foreach (var inner in Directory.EnumerateDirectories(folder).Where(d => !NotOurs.Contains(Path.GetFileName(d))))
            foreach (var file in Walk(inner))
                yield return file;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "global.json")) && File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
                return folder.FullName;
        throw new InvalidOperationException("The tests run outside the repository.");
    }
}

/// <summary>What a project file references.</summary>
/// <param name="Path">From the root.</param>
/// <param name="References">The projects it references, from the root.</param>
/// <param name="Packages">The packages it references.</param>
/// <param name="Versions">Packages whose version stands in the project file.</param>
internal sealed record Project(string Path, ImmutableArray<string> References, ImmutableArray<string> Packages, ImmutableArray<string> Versions)
{
    public string Folder => Path[..Path.IndexOf('/', StringComparison.Ordinal)];

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsTest => Folder == "tests";

    public static Project Read(string path)
    {
        var xml = XDocument.Load(System.IO.Path.Combine(House.Root, path));
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.Combine(House.Root, path))!;
        var packages = xml.Descendants("PackageReference").ToImmutableArray();
        return new(
            path,
            [.. xml.Descendants("ProjectReference").Attributes("Include").Select(i => System.IO.Path.GetRelativePath(House.Root, System.IO.Path.GetFullPath(i.Value.Replace('\\', '/'), folder)).Replace('\\', '/'))],
            [.. packages.Attributes("Include").Select(i => i.Value)],
            [.. packages.Where(p => p.Attribute("Version") is not null || p.Attribute("VersionOverride") is not null || p.Element("Version") is not null).Attributes("Include").Select(i => i.Value)]);
    }
}
