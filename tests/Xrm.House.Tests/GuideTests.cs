using System.Text.Json;
using System.Xml.Linq;

namespace Xrm.House.Tests;

public sealed class GuideTests
{
    private const string Hello = "plugins/Hello/HelloPlugin.cs";

    [Fact]
    public void The_guide_quotes_the_smallest_plugin_as_it_is()
    {
        var guide = House.Text("sdk/README.md").ReplaceLineEndings("\n");
        guide.ShouldContain($"```csharp\n{House.Text(Hello).ReplaceLineEndings("\n")}```\n");
    }

    [Fact]
    public void The_smallest_plugin_has_at_most_40_lines() => House.Lines(Hello).Length.ShouldBeLessThanOrEqualTo(40);

    [Fact]
    public void The_change_log_tells_the_version_of_the_sdk() =>
        House.Lines("sdk/CHANGELOG.md").ShouldContain(l => l.StartsWith("## " + Sdk.PluginManifest.SdkVersion.Release, StringComparison.Ordinal));

    [Fact]
    public void The_template_names_the_versions_of_this_repository()
    {
        var ours = XDocument.Parse(House.Text("Directory.Build.props")).Descendants("Version").Single().Value;
        var versions = XDocument.Parse(House.Text("Directory.Packages.props")).Descendants("PackageVersion").Where(p => p.Attribute("Include") is not null).ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value);
        versions["Xrm.Sdk"] = versions["Xrm.Testing"] = ours;
        var named = House.Files.Where(f => f.StartsWith(House.Template, StringComparison.Ordinal) && f.EndsWith(".csproj", StringComparison.Ordinal))
            .SelectMany(f => XDocument.Parse(House.Text(f)).Descendants("PackageReference")).ToArray();
        named.ShouldNotBeEmpty();
        named.ShouldAllBe(p => p.Attribute("Version")!.Value == versions[p.Attribute("Include")!.Value]);
        using var template = JsonDocument.Parse(House.Text(House.Template + "xrm-plugin/.template.config/template.json"));
        var symbol = template.RootElement.GetProperty("symbols").GetProperty("sdk-version");
        (symbol.GetProperty("defaultValue").GetString(), symbol.GetProperty("replaces").GetString()).ShouldBe((ours, ours));
        House.Text("sdk/README.md").ShouldContain($"Xrm.Templates.{ours}.nupkg");
    }

    [Fact]
    public void The_guide_tells_every_error_of_the_build()
    {
        var told = House.Text("sdk/README.md");
        House.Code("sdk/build").SelectMany(f => System.Text.RegularExpressions.Regex.Matches(House.Text(f), "XRM0[0-9]{3}").Select(m => m.Value)).Distinct()
            .Where(code => code is not ("XRM0001" or "XRM0008") && !told.Contains(code, StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
