using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Xrm.Host.Tests;
using Xrm.Sdk;

namespace Xrm.Packaging.Tests;

/// <summary>What somebody has who knows nothing of this repository but the guide, the packages and the program.</summary>
public sealed partial class StrangerTests(Author author) : IClassFixture<Author>
{
    [Fact]
    public void The_steps_of_the_guide_lead_from_nothing_to_a_tested_package_in_under_two_minutes()
    {
        author.Said.ShouldMatch(@"succeeded: +3\b");
        author.Took.ShouldBeLessThan(TimeSpan.FromMinutes(2));
        var manifest = Author.Manifest(author.Package);
        (manifest.Id, manifest.Version, manifest.Assembly, manifest.Sdk).ShouldBe(("boats", new(1, 0, 0), "Boats.dll", PluginVersionRange.CompatibleWith(PluginManifest.SdkVersion)));
        manifest.Permissions.Writes.ShouldBe(["BoatsFollows", "BoatsRequest"]);
        manifest.Permissions.Endpoints.ShouldBe([new("open", false)]);
        manifest.Model.Roles.Single().Name.ShouldBe("boatsClerk");
    }

    [Fact]
    public void A_package_holds_the_plugin_and_nothing_that_the_host_has() =>
        Author.Entries(author.Package).Where(e => e.EndsWith(".dll", StringComparison.Ordinal)).ShouldBe(["plugin/Boats.dll", "ref/net10.0/Boats.dll"]);

    [Fact]
    public async Task The_same_source_makes_the_same_bytes_wherever_it_lies()
    {
        await author.Do(author.Home, ["mkdir elsewhere", "cp -r boats/Boats elsewhere/Boats", "rm -rf elsewhere/Boats/bin elsewhere/Boats/obj", "dotnet pack elsewhere/Boats -o elsewhere"]);

        Hash(Path.Combine(author.Home, "elsewhere", "Boats.1.0.0.nupkg")).ShouldBe(Hash(author.Package));
    }

    [Fact]
    public async Task Another_plugin_requires_it_by_its_package_and_is_tested_with_it()
    {
        Fleet();

        var said = await author.Do(author.Home, ["dotnet nuget add source $HOME/boats --name boats", "cd fleet", "dotnet test", "dotnet pack -o ."]);

        said.ShouldMatch(@"succeeded: +1\b");
        var package = Path.Combine(author.Home, "fleet", "Fleet.2.0.0.nupkg");
        var manifest = Author.Manifest(package);
        manifest.Requires.ShouldBe([new("boats", new(new(1, 0, 0), new(2, 0, 0)))]);
        manifest.Permissions.Reads.ShouldBe(["BoatsRequest", "Person"]);
        manifest.Migrations.Single().Type.ShouldBe("Fleet");
        manifest.Model.Optional.Single().Plugin.ShouldBe("parties");
        Author.Entries(package).Where(e => e.EndsWith(".dll", StringComparison.Ordinal)).ShouldBe(["plugin/CsvHelper.dll", "plugin/Fleet.dll", "ref/net10.0/Fleet.dll"], ignoreOrder: true);

        author.Write("wharf/Wharf.csproj", Project("1.0.0", """<PackageReference Include="Fleet" Version="2.0.0" />"""));
        author.Write("wharf/Wharf.cs", """public sealed class WharfPlugin : Xrm.Sdk.Plugin { public override string Id => "wharf"; public override Xrm.Sdk.Label Title => Xrm.Sdk.Label.Of("Quai", "Wharf"); public override void Describe(Xrm.Sdk.ModelBuilder model) => model.Add(Fleet.Ship.Type); }""");
        var (exit, told) = await author.Try(author.Home, ["dotnet nuget add source $HOME/fleet --name fleet", "dotnet build wharf"]);
        exit.ShouldBe(1, told);
        told.ShouldContain("error XRM0010: \"fleet\" requires the plugin \"boats\"", Case.Sensitive, told);
    }

    [Fact]
    public async Task What_the_build_refuses_it_tells_by_its_code()
    {
        author.Write("wrong/Wrong.csproj", Project("1.0.0", "<ProjectReference Include=\"../boats/Boats/Boats.csproj\" Condition=\"'$(Copies)' == 'true'\" />"));
        author.Write("wrong/Wrong.cs", """
            using Xrm.Sdk;
            namespace Wrong;
            public class WrongPlugin : Plugin
            {
                private int _times;
                public override string Id => "wrong";
                public override Label Title => Label.Of("Faux", "Wrong");
                public override void Describe(ModelBuilder model)
                {
            #if Throws
                    throw new System.IO.IOException("No such tide.");
            #elif Differs
                    model.Add(EntityType.Named("Time" + _times++, Title));
            #endif
                }
            #if Late
                public override System.Collections.Generic.IEnumerable<Migration> Migrations => [Migration.Of("1.1.0", Title, EntityType.Named("Time", Title), _ => { })];
            #endif
            }
            #if Twice
            public class OtherPlugin : WrongPlugin { }
            #endif
            """);
        await author.Do(author.Home, ["dotnet restore wrong -p:Copies=true"]);
        (string Property, string Code, string Says)[] wrong =
        [
            ("Version=1.0", "XRM0002", "1.2.3"),
            ("Copies=true", "XRM0003", "Boats.dll"),
            ("DefineConstants=Twice", "XRM0004", "Wrong.OtherPlugin"),
            ("DefineConstants=Throws", "XRM0005", "No such tide."),
            ("DefineConstants=Differs", "XRM0006", "the second time"),
            ("DefineConstants=Late", "XRM0011", "1.1.0"),
        ];
        foreach (var (property, code, says) in wrong)
        {
            var (exit, said) = await author.Try(author.Home, [$"dotnet build wrong --no-restore -v:q -p:{property}"]);
            exit.ShouldBe(1, said);
            said.ShouldContain($"error {code}: ", Case.Sensitive, said);
            said.ShouldContain(says);
        }
    }

    [Fact]
    public async Task The_package_is_planned_installed_into_a_host_that_serves_and_answers()
    {
        using var data = new TemporaryFolder();
        await using var host = await ServingHost.Start(data.Path);
        await host.SignIn();

        var said = await author.Do(Path.Combine(author.Home, "boats"), Guide.Installing.Prepend(Guide.Authoring.Single(s => s.StartsWith("xrm=", StringComparison.Ordinal)).Replace("$PWD", Places.Root, StringComparison.Ordinal)), ("XRM_DATA", data.Path));

        said.ShouldContain("BoatsRequest");
        (await host.Ask("""mutation { createBoatsRequest(input: { subject: "Un arbre" }) { boatsRequest { subject } } }"""))["data"]!["createBoatsRequest"]!["boatsRequest"]!["subject"]!.GetValue<string>().ShouldBe("Un arbre");
        (await host.Ask("{ boatsRequests { nodes { reference } } }"))["data"]!["boatsRequests"]!["nodes"]![0]!["reference"]!.GetValue<string>().ShouldMatch("^[0-9]{4}-[0-9a-f]{4}$");
        (await host.Http.GetStringAsync(new Uri("/plugins/boats/open", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldContain("Un arbre");
    }

    /// <summary>A plugin on the ground of the first, with a library of its own, a part for a plugin that may not be there, and a test that runs both.</summary>
    private void Fleet()
    {
        author.Write("fleet/global.json", """{ "test": { "runner": "Microsoft.Testing.Platform" } }""");
        author.Write("fleet/Fleet.slnx", """<Solution><Project Path="Fleet/Fleet.csproj" /><Project Path="Fleet.Tests/Fleet.Tests.csproj" /></Solution>""");
        author.Write("fleet/Fleet/Fleet.csproj", Project("2.0.0", $"""<PackageReference Include="Boats" Version="1.0.0" /><PackageReference Include="CsvHelper" Version="{Version("CsvHelper")}" />"""));
        author.Write("fleet/Fleet/Fleet.cs", """
            using Boats;
            using Xrm.Sdk;
            namespace Fleet;
            public sealed class FleetPlugin : Plugin
            {
                public override string Id => "fleet";
                public override Label Title => Label.Of("Flotte", "Fleet");
                public override System.Collections.Generic.IEnumerable<Migration> Migrations => [Migration.Of("2.0.0", Label.Of("Majuscules", "Capitals"), Ship.Type, ship => ship.Put(Ship.Name, ship.Get(Ship.Name)!.ToUpperInvariant()))];
                public override void Describe(ModelBuilder model) => model.Add(Ship.Type).Add(Ship.AskedForBy).When("parties", parties => parties.Add(Ship.Master));
                public override void Attach(Hooks hooks, PluginContext context) => hooks.Saving(Ship.Type).Add((ship, _) =>
                {
                    ship.Put(Ship.Name, ship.Get(Ship.Name) + " " + typeof(CsvHelper.CsvReader).Name);
                    return System.Threading.Tasks.ValueTask.CompletedTask;
                });
            }
            public static class Ship
            {
                public static readonly EntityType Type = EntityType.Named("Fleet", Label.Of("Navire", "Ship"));
                public static readonly Field<string> Name = Type.Text("name", Label.Of("Nom", "Name"));
                public static readonly RelationshipType AskedForBy = RelationshipType.Named("AskedForBy", Label.Of("est demandé par", "is asked for by"), Label.Of("demande", "asks for"))
                    .From(Type, "request", Label.Of("Demande", "Request")).To(Request.Type, "ships", Label.Of("Navires", "Ships")).OneTarget();
                public static readonly RelationshipType Master = RelationshipType.Named("Master", Label.Of("a pour capitaine", "has master"), Label.Of("commande", "commands"))
                    .From(Type, "master", Label.Of("Capitaine", "Master")).To(EntityType.Elsewhere("Person"), "ships", Label.Of("Navires", "Ships")).OneTarget();
            }
            """);
        author.Write("fleet/Fleet.Tests/Fleet.Tests.csproj", File.ReadAllText(Path.Combine(author.Home, "boats", "Boats.Tests", "Boats.Tests.csproj")).Replace("Boats", "Fleet", StringComparison.Ordinal));
        author.Write("fleet/Fleet.Tests/FleetTests.cs", """
            using Boats;
            using Xrm.Sdk;
            using Xrm.Testing;
            namespace Fleet.Tests;
            public class FleetTests
            {
                [Fact]
                public Task A_ship_is_asked_for_by_a_request_of_the_other_plugin() => Scenario.With(new BoatsPlugin(), new FleetPlugin())
                    .Given("request", Request.Type, Values.None.With(Request.Subject, "Un bac"))
                    .Given("ship", Ship.Type, Values.None.With(Ship.Name, "Marie"))
                    .Related("ship", Ship.AskedForBy, "request")
                    .ThenRelated("request", Ship.AskedForBy.Target, "ship")
                    .Then("ship", Ship.Name, "Marie CsvReader")
                    .Run();
            }
            """);
    }

    /// <summary>A plugin's project with nothing of ours but the sdk.</summary>
    private static string Project(string version, string references) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <Version>{version}</Version>
          </PropertyGroup>
          <ItemGroup><PackageReference Include="Xrm.Sdk" Version="{PluginManifest.SdkVersion}" />{references}</ItemGroup>
        </Project>
        """;

    private static string Version(string package) =>
        VersionOf().Matches(File.ReadAllText(Path.Combine(Places.Root, "Directory.Packages.props"))).Single(m => m.Groups[1].Value == package).Groups[2].Value;

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    [GeneratedRegex("PackageVersion Include=\"([^\"]+)\" Version=\"([^\"]+)\"")]
    private static partial Regex VersionOf();
}
