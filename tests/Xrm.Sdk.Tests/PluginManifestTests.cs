using System.Text.Json.Nodes;

namespace Xrm.Sdk.Tests;

public sealed class PluginManifestTests
{
    private static readonly EntityType Boat = EntityType.Named("Boat", Label.Of("Bateau", "Boat"));

    [Fact]
    public void A_manifest_reads_back_as_it_was_written()
    {
        var written = Manifest().ToJson();
        var read = PluginManifest.Parse(written);
        read.ToJson().ShouldBe(written);
        read.Id.ShouldBe("harbour");
        read.Version.ShouldBe(new PluginVersion(1, 2, 3, "beta.1"));
        read.Requires.ShouldBe([new PluginRequirement("sea", new(new(2, 0, 0), new(3, 0, 0)))]);
        read.Description.En.ShouldBe("Where boats lie");
        read.Model.EntityTypes.ShouldHaveSingleItem().Name.ShouldBe("Boat");
    }

    [Fact]
    public void All_that_is_wrong_with_a_manifest_is_told_at_once_in_both_languages()
    {
        var problem = Should.Throw<Problem>(() => PluginManifest.Parse("""
            {"format": 1, "id": "Har bour", "version": "1", "assembly": "../Harbour.dll", "title": {"fr": "Port"}, "sdk": "1.0.0",
             "requires": {"sea": "[3.0.0,2.0.0)"}, "permissions": {"reads": ["A", 1], "writes": {}, "endpoints": [{"path": "a"}], "hosts": [null], "schedules": [{"name": "b", "every": "daily"}]},
             "migrations": [{"to": "2"}], "model": {"plugin": "other"}}
            """));
        problem.Faults.Select(f => f.Field).ShouldBe(["id", "version", "assembly", "title.en", "description", "sdk", "requires.sea", "permissions.reads", "permissions.writes",
            "permissions.endpoints", "permissions.hosts", "permissions.schedules", "migrations", "model.plugin"]);
        problem.Faults.ShouldAllBe(f => f.Code == ProblemCode.Invalid && f.Message.Fr != f.Message.En);
    }

    [Fact]
    public void A_permission_or_migration_that_is_not_spoken_of_is_not_asked_for()
    {
        var manifest = JsonNode.Parse(Manifest().ToJson())!.AsObject();
        manifest["permissions"] = new JsonObject { ["hosts"] = new JsonArray("api.example.org") };
        manifest.Remove("migrations");
        var read = PluginManifest.Parse(manifest.ToJsonString());
        read.Permissions.Hosts.ShouldBe(["api.example.org"]);
        (read.Permissions.Reads.Length, read.Permissions.Writes.Length, read.Permissions.Endpoints.Length, read.Permissions.Schedules.Length, read.Migrations.Length).ShouldBe((0, 0, 0, 0, 0));
    }

    [Fact]
    public void A_manifest_holds_what_is_asked_for_what_becomes_of_data_where_persons_are_and_what_others_bring_along()
    {
        var read = PluginManifest.Parse(Manifest().ToJson());
        read.Permissions.Endpoints.ShouldBe([new("tides/v1", true)]);
        read.Permissions.Hosts.ShouldBe(["*.example.org"]);
        read.Permissions.Schedules.ShouldBe([new("tides", TimeSpan.FromHours(6))]);
        read.Permissions.Reads.ShouldBe(["Person"]);
        read.Permissions.Writes.ShouldBe(["Boat", "BoatOwner"]);
        read.Migrations.ShouldBe([new(new(1, 1, 0), "Boat", Label.Of("Majuscules", "Capitals"))]);
        read.Model.PersonalData.ShouldBe([new("Boat", Label.Of("Redevance", "Fee"), "owner", 365)]);
        var optional = read.Model.Optional.ShouldHaveSingleItem();
        optional.Plugin.ShouldBe("parties");
        optional.Model.RelationshipTypes.ShouldHaveSingleItem().Target.Types.ShouldBe(["Person"]);
    }

    [Fact]
    public void A_manifest_of_a_later_form_tells_that_and_nothing_else() =>
        Should.Throw<Problem>(() => PluginManifest.Parse("""{"format": 2, "id": 7}""")).Faults.ShouldHaveSingleItem().Field.ShouldBe("format");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"format\":")]
    [InlineData("{\"format\":\"1\"}")]
    public void What_is_no_manifest_is_told(string text) => Should.Throw<Problem>(() => PluginManifest.Parse(text)).Faults.ShouldHaveSingleItem();

    [Fact]
    public void Permissions_follow_from_the_model()
    {
        var sea = EntityType.Named("Sea", Label.Of("Mer", "Sea"));
        var tide = sea.ExtendedBy("harbour");
        tide.Integer("tide", Label.Of("Marée", "Tide"));
        var on = RelationshipType.Named("LiesOn", Label.Of("est sur", "lies on"), Label.Of("porte", "carries"))
            .From(Boat, "sea", Label.Of("Mer", "Sea")).To(sea, "boats", Label.Of("Bateaux", "Boats"));
        var permissions = PluginPermissions.For(new ModelBuilder("harbour").Add(Boat).Add(on).Extend(tide).Build());
        permissions.Reads.ShouldBe(["Sea"]);
        permissions.Writes.ShouldBe(["Boat", "LiesOn", "Sea"]);
    }

    [Fact]
    public void What_an_optional_part_needs_and_asks_for_is_asked_for_too()
    {
        var crew = RelationshipType.Named("Crew", Label.Of("navigue sur", "sails on"), Label.Of("porte", "carries"))
            .From(EntityType.Elsewhere("Sailor"), "boats", Label.Of("Bateaux", "Boats")).To(Boat, "crew", Label.Of("Équipage", "Crew"));
        var permissions = PluginPermissions.For(new ModelBuilder("harbour").Add(Boat)
            .Permissions(ask => ask.Host("b.example.org"))
            .When("crews", part => part.Add(crew).Permissions(ask => ask.Read(EntityType.Elsewhere("Rank")).Host("a.example.org").Endpoint("crew")))
            .Build());
        permissions.Reads.ShouldBe(["Rank", "Sailor"]);
        permissions.Writes.ShouldBe(["Boat", "Crew"]);
        permissions.Hosts.ShouldBe(["a.example.org", "b.example.org"]);
        permissions.Endpoints.ShouldBe([new("crew", false)]);
    }

    [Fact]
    public void Versions_sort_as_semantic_versioning_says()
    {
        string[] ascending = ["0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0"];
        ascending.Reverse().Select(PluginVersion.Parse).Order().Select(v => v.ToString()).ShouldBe(ascending);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.2.3.4")]
    [InlineData("01.2.3")]
    [InlineData("1.2.-3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-a..b")]
    [InlineData("1.2.3-01")]
    [InlineData("v1.2.3")]
    [InlineData(null)]
    public void What_is_no_version_is_refused(string? text) => PluginVersion.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("0.1.2", "[0.1.2,0.2.0)")]
    [InlineData("3.4.5", "[3.4.5,4.0.0)")]
    [InlineData("1.0.0-rc.1", "[1.0.0-rc.1,2.0.0)")]
    public void What_suits_goes_up_to_the_next_breaking_version(string version, string range) =>
        PluginVersionRange.CompatibleWith(PluginVersion.Parse(version)).ToString().ShouldBe(range);

    [Fact]
    public void A_range_holds_its_first_version_and_not_its_last_nor_a_pre_release_of_that()
    {
        PluginVersionRange.TryParse("[1.2.0, 2.0.0)", out var range).ShouldBeTrue();
        string[] inside = ["1.2.0", "1.99.0", "1.3.0-beta"];
        string[] outside = ["1.1.9", "1.2.0-beta", "2.0.0-alpha", "2.0.0"];
        inside.ShouldAllBe(v => range.Contains(PluginVersion.Parse(v)));
        outside.ShouldAllBe(v => !range.Contains(PluginVersion.Parse(v)));
        PluginVersionRange.TryParse("[1.2.0,)", out var open).ShouldBeTrue();
        open.Contains(PluginVersion.Parse("99.0.0")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("1.2.0")]
    [InlineData("[1.2.0,2.0.0]")]
    [InlineData("(1.2.0,2.0.0)")]
    [InlineData("[2.0.0,1.0.0)")]
    [InlineData("[,2.0.0)")]
    public void What_is_no_range_is_refused(string text) => PluginVersionRange.TryParse(text, out _).ShouldBeFalse();

    private static PluginManifest Manifest()
    {
        var owner = RelationshipType.Named("BoatOwner", Label.Of("appartient à", "belongs to"), Label.Of("possède", "owns"))
            .From(Boat, "owner", Label.Of("Propriétaire", "Owner")).To(EntityType.Elsewhere("Person"), "harbour_boats", Label.Of("Bateaux", "Boats")).OneTarget();
        var model = new ModelBuilder("harbour").Add(Boat)
            .When("parties", parties => parties.Add(owner))
            .PersonalData(Boat, Label.Of("Redevance", "Fee"), owner.Source, 365)
            .Permissions(ask => ask.Endpoint("tides/v1", isPublic: true).Host("*.example.org").Schedule("tides", TimeSpan.FromHours(6)))
            .Build();
        return new("harbour", new(1, 2, 3, "beta.1"), "Harbour.dll")
        {
            Title = Label.Of("Port", "Harbour"),
            Description = Label.Of("Où sont les bateaux", "Where boats lie"),
            Sdk = new(new(0, 1, 0), null),
            Requires = [new("sea", PluginVersionRange.CompatibleWith(new(2, 0, 0)))],
            Permissions = PluginPermissions.For(model),
            Migrations = [new(new(1, 1, 0), "Boat", Label.Of("Majuscules", "Capitals"))],
            Model = model,
        };
    }
}
