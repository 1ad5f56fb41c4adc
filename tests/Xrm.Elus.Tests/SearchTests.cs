using Elus;
using Parties;
using Xrm.Elus.Tests.Rne;
using Xrm.Sdk;

namespace Xrm.Elus.Tests;

/// <summary>What is found of officials and of whom they are reached by.</summary>
public class SearchTests
{
    [Theory]
    [InlineData("apere natali")]
    [InlineData("Nathalie Appéré")]
    [InlineData("apperé n")]
    public async Task An_official_is_found_by_sound_without_accents_and_by_beginnings(string text)
    {
        await using var town = await Filled();

        (await town.Xrm.As("cabinetStaff").Query(Query.For(Person.Type).Search(text), TestContext.Current.CancellationToken)).Entities.Select(p => p.DisplayName).ShouldBe(["Nathalie APPÉRÉ"]);
    }

    [Fact]
    public async Task Whoever_a_role_does_not_see_it_does_not_find()
    {
        await using var town = await Filled();
        var query = Query.For(Person.Type).Search("citoyenne");

        (await town.Xrm.As("cabinetStaff").Query(query, TestContext.Current.CancellationToken)).Entities.ShouldBeEmpty();
        (await town.Xrm.Query(query)).Select(p => p.DisplayName).ShouldBe(["Zoé CITOYENNE"]);
    }

    [Theory]
    [InlineData("06 12 34")]
    [InlineData("0612345678")]
    [InlineData("+33612")]
    [InlineData("345678")]
    public async Task A_phone_number_is_found_as_people_dial_it_and_by_a_part(string text)
    {
        await using var town = await Filled();

        (await town.Xrm.Query(Query.For(ContactPoint.Type).Search(text))).Select(c => c.Get(ContactPoint.Value)).ShouldBe(["+33612345678"]);
    }

    [Theory]
    [InlineData("zoe.citoyenne@example.org")]
    [InlineData("citoyenne@exam")]
    [InlineData("itoyen")]
    public async Task An_address_is_found_by_a_part(string text)
    {
        await using var town = await Filled();

        (await town.Xrm.Query(Query.For(ContactPoint.Type).Search(text))).Select(c => c.Get(ContactPoint.Value)).ShouldBe(["zoe.citoyenne@example.org"]);
    }

    [Fact]
    public async Task A_commune_is_found_by_its_code_and_a_group_by_its_name()
    {
        await using var town = await Filled();
        await town.Xrm.Create(PoliticalGroup.Type, Values.None.With(PoliticalGroup.Name, "Groupe d'essai"));

        (await town.Xrm.Query(Query.For(Constituency.Type).Search("35238"))).ShouldHaveSingleItem();
        (await town.Xrm.Query(Query.For(PoliticalGroup.Type).Search("groupes essaie"))).ShouldHaveSingleItem();
    }

    private static async Task<Town> Filled()
    {
        var town = await Town.Open();
        await town.Import(Edition.Of2022(new Mayor("35238", "APPÉRÉ", "Nathalie", "1975-07-08", "2020-06-28", "2020-07-03")));
        await town.Xrm.Create(Person.Type, (Person.FamilyName, "CITOYENNE"), (Person.GivenName, "Zoé"));
        await town.Xrm.Create(ContactPoint.Type, (ContactPoint.Channel, ContactChannel.Mobile), (ContactPoint.Value, "06 12 34 56 78"), (ContactPoint.Use, ContactUse.Personal));
        await town.Xrm.Create(ContactPoint.Type, (ContactPoint.Channel, ContactChannel.Email), (ContactPoint.Value, "zoe.citoyenne@example.org"), (ContactPoint.Use, ContactUse.Personal));
        return town;
    }
}
