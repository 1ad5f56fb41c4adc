using Xrm.Sdk;

namespace Xrm.Testing.Tests;

/// <summary>What a plugin takes part in by what it says of itself.</summary>
public sealed class DescribedHookTests
{
    [Fact]
    public async Task The_FieldTypes_hook_checks_and_mends_values_everywhere_they_come_in()
    {
        await using var xrm = await TestXrm.With<YardPlugin>();

        (await xrm.Create(Hull.Type, (Hull.Registration, "ab123456"))).Get(Hull.Registration).ShouldBe("AB123456");
        var refused = (await Should.ThrowAsync<Problem>(() => xrm.Create(Hull.Type, (Hull.Registration, "123")))).Faults.Single();
        var asked = await xrm.Ask("""mutation { createHull(input: { registration: "123" }) { hull { id } } }""", language: "fr");

        (refused.Field, refused.Message.En).ShouldBe(("registration", "\"123\" is not a registration."));
        asked["errors"]![0]!["message"]!.GetValue<string>().ShouldBe("« 123 » n'est pas une immatriculation.");
        (await xrm.Query(Query.For(Hull.Type).Where(Hull.Registration.Is("AB123456")))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_FieldTypes_hook_says_as_what_pages_show_values()
    {
        await using var xrm = await TestXrm.With<YardPlugin>();

        var fields = (await xrm.Ask("""{ model { types { name fields { name type shape widget group { en } } } } }"""))["data"]!["model"]!["types"]!.AsArray()
            .Single(t => t!["name"]!.GetValue<string>() == "Hull")!["fields"]!.AsArray();

        fields.Single(f => f!["name"]!.GetValue<string>() == "registration")!.ToJsonString()
            .ShouldBe("""{"name":"registration","type":"registration","shape":"TEXT","widget":"text","group":{"en":"Papers"}}""");
    }

    [Fact]
    public async Task The_Labels_hook_gives_others_words_that_hold_as_long_as_the_plugin_is_there()
    {
        await using var xrm = await TestXrm.With(new HarbourPlugin(), new YardPlugin());
        async Task<(string, string)> Words()
        {
            var model = (await xrm.Ask("""{ model { types { name label { en } fields { name label { en } } } } }"""))["data"]!["model"]!["types"]!.AsArray();
            var boat = model.Single(t => t!["name"]!.GetValue<string>() == "Boat")!;
            return (boat["label"]!["en"]!.GetValue<string>(), boat["fields"]!.AsArray().Single(f => f!["name"]!.GetValue<string>() == "name")!["label"]!["en"]!.GetValue<string>());
        }

        (await Words()).ShouldBe(("Vessel", "Vessel's name"));
        await xrm.Remove("yard");
        (await Words()).ShouldBe(("Boat", "Name"));
    }

    [Fact]
    public async Task The_Permissions_hook_opens_what_was_asked_for_and_nothing_else()
    {
        await using var xrm = await TestXrm.With(new HarbourPlugin(), new YardPlugin());
        await xrm.Create(Boat.Type, (Boat.Name, "Marie"));
        var yard = xrm.AsPlugin("yard");

        (await yard.Query(Query.For(Boat.Type))).Entities.ShouldHaveSingleItem();
        var refused = await Should.ThrowAsync<Problem>(async () => await yard.Commit(Commit.New().Create(Boat.Type, Values.None.With(Boat.Name, "Anne"))));

        (refused.Code, refused.Faults.Single().Field, refused.Faults.Single().Rule).ShouldBe((ProblemCode.Forbidden, "Boat", "permission"));
    }

    private sealed class YardPlugin : Plugin
    {
        public override string Id => "yard";
        public override Label Title => Label.Of("Chantier", "Yard");
        public override void Describe(ModelBuilder model) => model
            .Add(Hull.Type)
            .When("harbour", beside => beside.Relabel(Boat.Type, Label.Of("Navire", "Vessel")).Relabel(Boat.Name, Label.Of("Nom du navire", "Vessel's name")))
            .Permissions(ask => ask.Read(EntityType.Elsewhere("Boat")));
    }

    private static class Hull
    {
        public static readonly EntityType Type = EntityType.Named("Hull", Label.Of("Coque", "Hull"));
        public static readonly Field<string> Registration = Type.Field("registration", Label.Of("Immatriculation", "Registration"), new RegistrationType()).Group(Label.Of("Papiers", "Papers"));
    }

    private sealed class RegistrationType : PlainFieldType<string>
    {
        public override string Name => "registration";
        public override Shape Shape => Shape.Text;
        public override string? Widget => "text";
        public override object Check(object value, out Label? fault)
        {
            var text = ((string)value).ToUpperInvariant();
            fault = text.Length == 8 ? null : Label.Of($"« {value} » n'est pas une immatriculation.", $"\"{value}\" is not a registration.");
            return text;
        }
    }
}
