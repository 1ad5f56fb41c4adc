using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xrm.Sdk;

namespace Xrm.House.Tests;

/// <summary>Who may reference whom: sdk, then plugins; sdk, then core, then host.</summary>
public sealed partial class DirectionTests
{
    private static readonly string[] SdkPackages = ["Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions"];

    [Fact]
    public void The_sdk_references_the_base_library_and_two_abstractions()
    {
        var sdk = House.Projects.Single(p => p.Path == "sdk/Xrm.Sdk/Xrm.Sdk.csproj");
        sdk.References.ShouldBeEmpty();
        sdk.Packages.ShouldBe(SdkPackages, ignoreOrder: true);
        typeof(Plugin).Assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => !n.StartsWith("System.", StringComparison.Ordinal)).ShouldBeSubsetOf(SdkPackages);
    }

    [Fact]
    public void A_plugin_references_the_sdk_and_plugins() => Wrong("plugins", r => r == "sdk/Xrm.Sdk/Xrm.Sdk.csproj" || In(r, "plugins")).ShouldBeEmpty();

    [Fact]
    public void The_core_references_the_sdk_and_the_core() => Wrong("core", r => r == "sdk/Xrm.Sdk/Xrm.Sdk.csproj" || In(r, "core")).ShouldBeEmpty();

    [Fact]
    public void The_host_references_no_plugin_and_no_test() => Wrong("host", r => In(r, "sdk") || In(r, "core") || In(r, "host")).ShouldBeEmpty();

    [Fact]
    public void What_the_build_of_plugins_needs_references_the_sdk() => Wrong("sdk", r => In(r, "sdk")).ShouldBeEmpty();

    [Fact]
    public void The_tests_of_a_plugin_see_plugins_and_what_every_author_is_given_for_testing_and_nothing_of_the_core()
    {
        foreach (var plugin in House.Projects.Where(p => p.Folder == "plugins"))
        {
            var tests = House.Projects.SingleOrDefault(p => p.Path == $"tests/Xrm.{plugin.Name}.Tests/Xrm.{plugin.Name}.Tests.csproj");
            tests.ShouldNotBeNull($"{plugin.Name} has no tests.");
            tests.References.ShouldContain("tests/Xrm.Testing/Xrm.Testing.csproj");
            tests.References.Where(r => !In(r, "plugins") && r != "tests/Xrm.Testing/Xrm.Testing.csproj").ShouldBeEmpty(tests.Name);
            House.Code(Path.GetDirectoryName(tests.Path)!).Where(f => OfTheCore().IsMatch(House.Text(f))).ShouldBeEmpty();
        }
    }

    [Fact]
    public void What_authors_are_given_for_testing_is_open_to_no_plugins_tests() =>
        House.Text("tests/Xrm.Testing/Xrm.Testing.csproj").ShouldNotMatch($"InternalsVisibleTo Include=\"Xrm\\.({string.Join('|', House.Projects.Where(p => p.Folder == "plugins").Select(p => p.Name))})\\.Tests");

    [Fact]
    public void A_project_of_the_core_exists_for_one_outside_dependency() =>
        House.Projects.Where(p => p.Folder == "core").Where(p => Outside(p).Count() > 1)
            .Select(p => $"{p.Name}: {string.Join(", ", Outside(p))}").ShouldBeEmpty();

    [Fact]
    public void An_outside_dependency_is_seen_by_one_project() =>
        House.Projects.Where(p => p.Folder is "core" or "host").SelectMany(p => Outside(p).Select(package => (package, p.Name)))
            .GroupBy(u => u.package, u => u.Name).Where(g => g.Count() > 1)
            .Select(g => $"{g.Key}: {string.Join(", ", g)}").ShouldBeEmpty();

    [Fact]
    public void The_core_itself_stands_on_the_base_library()
    {
        var core = House.Projects.Single(p => p.Path == "core/Xrm.Core/Xrm.Core.csproj");
        core.Packages.ShouldBeEmpty();
        core.References.ShouldBe(["sdk/Xrm.Sdk/Xrm.Sdk.csproj"]);
    }

    [Fact]
    public void A_packed_plugin_brings_no_assembly_of_ours_but_its_own_and_references_none_of_core_and_host()
    {
        var packages = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "bundled"), "*.nupkg");
        packages.Length.ShouldBe(House.Projects.Count(p => p.Folder == "plugins"));
        var ours = House.Projects.Where(p => !p.IsTest).Select(p => p.Name + ".dll").Append("xrm.dll").ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var package in packages)
        {
            using var zip = ZipFile.OpenRead(package);
            using var manifest = JsonDocument.Parse(zip.GetEntry("plugin/plugin.json")!.Open());
            var assembly = manifest.RootElement.GetProperty("assembly").GetString()!;
            zip.Entries.Where(e => ours.Contains(e.Name) && e.Name != assembly).Select(e => e.FullName).ShouldBeEmpty(package);
            References(zip.GetEntry("plugin/" + assembly)!).ShouldNotContain(n => n == "xrm" || n == "Xrm.Core" || n.StartsWith("Xrm.") && n != "Xrm.Sdk", package);
        }
    }

    [GeneratedRegex(@"\bXrm\.(?:Core|GraphQL|PluginLoading|Storage|Host)\b")]
    private static partial Regex OfTheCore();

    private static IEnumerable<string> Wrong(string folder, Func<string, bool> allowed) =>
        House.Projects.Where(p => p.Folder == folder).SelectMany(p => p.References.Where(r => !allowed(r)).Select(r => $"{p.Path} → {r}"));

    private static bool In(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);

    // Packages of one family (GraphQL, GraphQL.SystemTextJson) are one dependency; Microsoft.Extensions and ASP.NET Core come with the platform.
    private static IEnumerable<string> Outside(Project project) => project.Packages
        .Where(p => !p.StartsWith("Microsoft.", StringComparison.Ordinal))
        .Select(p => p.Split('.')[0])
        .Distinct();

    private static string[] References(ZipArchiveEntry entry)
    {
        using var bytes = new MemoryStream();
        using (var from = entry.Open())
            from.CopyTo(bytes);
        bytes.Position = 0;
        using var image = new PEReader(bytes);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))];
    }
}
