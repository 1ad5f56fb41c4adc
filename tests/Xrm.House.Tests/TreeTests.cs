using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Xrm.House.Tests;

/// <summary>What lies in the tree besides code.</summary>
public sealed partial class TreeTests
{
    private static readonly string[] Texts = [".cs", ".csproj", ".props", ".targets", ".json", ".md", ".sh", ".txt", ".yml", ".sln", ".js", ".html", ".graphql"];

    [Fact]
    public void The_solution_holds_every_project()
    {
        var solution = House.Text("Xrm.sln").Replace('\\', '/');
        House.Projects.Select(p => p.Path).Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_place() =>
        House.Projects.SelectMany(p => p.Versions.Select(v => $"{p.Path}: {v}")).ShouldBeEmpty();

    [Fact]
    public void Every_package_has_a_decision()
    {
        var decisions = string.Join('\n', Decisions().Select(House.Text));
        XDocument.Parse(House.Text("Directory.Packages.props")).Descendants("PackageVersion").Attributes("Include").Select(i => i.Value)
            .Where(p => !decisions.Contains(p, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    [Fact]
    public void Decisions_are_numbered_and_say_how_they_stand()
    {
        Decisions().Select(d => DecisionName().Match(d)).ShouldAllBe(m => m.Success);
        Decisions().GroupBy(d => DecisionName().Match(d).Groups[1].Value).Where(g => g.Count() > 1).Select(g => string.Join(", ", g)).ShouldBeEmpty();
        foreach (var decision in Decisions())
        {
            var lines = House.Lines(decision);
            lines[0].ShouldStartWith("# " + DecisionName().Match(decision).Groups[1].Value + " ", Case.Sensitive, decision);
            lines.ShouldContain(l => l.StartsWith("Status: ", StringComparison.Ordinal), decision);
        }
    }

    [Fact]
    public void No_file_names_a_place_on_somebodys_machine() =>
        House.Files.Where(f => Texts.Contains(Path.GetExtension(f))).Where(f => MachinePath().IsMatch(House.Text(f))).ShouldBeEmpty();

    [Fact]
    public void No_file_names_where_packages_come_from() =>
        House.Files.Where(f => Texts.Contains(Path.GetExtension(f))).Where(f => PackageSource().IsMatch(House.Text(f))).ShouldBeEmpty();

    [Fact]
    public void The_licence_is_there_and_every_project_names_it()
    {
        House.Text("LICENSE").ShouldContain("EUROPEAN UNION PUBLIC LICENCE v. 1.2");
        House.Text("Directory.Build.props").ShouldContain("<PackageLicenseExpression>EUPL-1.2</PackageLicenseExpression>");
    }

    [Fact]
    public void The_page_to_sign_in_has_the_colours_of_the_staff_app()
    {
        var app = Colours("host/Xrm.Staff/wwwroot/app.css");
        var page = Colours("host/Xrm.Host/Serving/Assets/page.css");
        page.ShouldNotBeEmpty();
        page.Except(app).ShouldBeEmpty();

        static string[] Colours(string file) => [.. Colour().Matches(House.Text(file)).Select(m => m.Value)];
    }

    private static IEnumerable<string> Decisions() => House.Files.Where(f => f.StartsWith("core/decisions/", StringComparison.Ordinal));

    [GeneratedRegex(@"^core/decisions/(\d{4})-[a-z0-9-]+\.md$")]
    private static partial Regex DecisionName();

    [GeneratedRegex(@"--[a-z-]+: #[0-9a-f]{6}")]
    private static partial Regex Colour();

    [GeneratedRegex("""(?<![\w.$}*~)-])(?:/(?:work|root|home|Users)/\w|[A-Z]:\\\\?Users)""")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"://[^\s""'/]*(?:nuget\.org|npmjs|artifactory|nexus|jfrog|packages\.debian)")]
    private static partial Regex PackageSource();
}
