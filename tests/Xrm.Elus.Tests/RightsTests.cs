using Elus;
using Parties;
using Xrm.Elus.Tests.Rne;
using Xrm.Sdk;

namespace Xrm.Elus.Tests;

/// <summary>What the roles see and may do, on the real engine.</summary>
public class RightsTests
{
    private static readonly Mayor Official = new("08001", "DÉSIRANT", "Gérard", "1961-09-30", "2020-05-18", "2020-05-28");

    [Theory]
    [InlineData("cabinetStaff")]
    [InlineData("electedOfficial")]
    public async Task Readers_see_officials_by_name_and_no_other_person(string role)
    {
        await using var town = await Filled();

        var seen = (await town.Xrm.As(role).Query(Query.For(Person.Type), TestContext.Current.CancellationToken)).Entities;

        var official = seen.ShouldHaveSingleItem();
        official.DisplayName.ShouldBe("Gérard DÉSIRANT");
        official.Values.Select(v => v.Key).ShouldBe(["givenName", "familyName"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_past_official_stays_seen()
    {
        await using var town = await Filled();
        await town.Import(Edition.Of2022(Official with { Name = "NOUVEAU", Birth = "1980-01-01", Mandate = "2021-02-01", Function = "2021-02-05" }));

        (await town.Xrm.As("cabinetStaff").Query(Query.For(Person.Type), TestContext.Current.CancellationToken)).Entities.Select(p => p.Get(Person.FamilyName)).ShouldBe(["DÉSIRANT", "NOUVEAU"], ignoreOrder: true);
    }

    [Fact]
    public async Task Readers_change_nothing_and_the_assembly_office_keeps_mandates()
    {
        await using var town = await Filled();
        var mandate = (await town.Xrm.Query(Query.For(Mandate.Type))).Single();
        var change = Commit.New().Change(mandate, Mandate.EndReason, "resignation");

        (await Should.ThrowAsync<Problem>(() => town.Xrm.As("cabinetStaff").Commit(change with { Id = EntityId.New() }, TestContext.Current.CancellationToken).AsTask())).Code.ShouldBe(ProblemCode.Forbidden);
        await town.Xrm.As("assemblyOffice").Commit(change, TestContext.Current.CancellationToken);

        (await town.Xrm.Find(Mandate.Type, mandate.Id))!.Get(Mandate.EndReason).ShouldBe("resignation");
    }

    [Fact]
    public async Task Nobody_sees_the_matching_key_not_even_an_administrator()
    {
        await using var town = await Filled();

        foreach (var xrm in (IXrm[])[town.Xrm.Xrm, town.Xrm.As("assemblyOffice")])
            (await xrm.Query(Query.For(Person.Type), TestContext.Current.CancellationToken)).Entities.ShouldAllBe(p => p.Values.All(v => v.Key != "elus_birthKey"));
        (await town.Xrm.Changes()).ShouldNotContain(c => c.Field == "elus_birthKey");
    }

    [Fact]
    public async Task A_mayor_has_one_mandate_at_a_time_of_each_day_asked()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Official with { Name = "ANCIENNE", Given = "Jeanne", Birth = "1950-05-05", Mandate = "2014-03-23", Function = "2014-03-30" }));
        await town.Import(Edition.Of2022(Official));

        (await MayorOn(town, new(2019, 11, 1))).ShouldBe("Jeanne ANCIENNE");
        (await MayorOn(town, new(2020, 5, 27))).ShouldBe("Jeanne ANCIENNE");
        (await MayorOn(town, new(2020, 5, 28))).ShouldBe("Gérard DÉSIRANT");
    }

    private static async Task<string> MayorOn(Town town, DateOnly day)
    {
        var on = new Period(day, day.AddDays(1));
        var function = (await town.Xrm.Query(Query.For(ElectiveFunction.Type).With(new Include("mandate") { During = Period.Always, With = [new Include("holder")] }) with { During = on })).Single();
        return function.Get(ElectiveFunction.HasFunction.Target).Single().Other!.Get(Mandate.HoldsMandate.Target).Single().Other!.DisplayName;
    }

    private static async Task<Town> Filled()
    {
        var town = await Town.Open();
        await town.Import(Edition.Of2022(Official));
        await town.Xrm.Create(Person.Type, (Person.FamilyName, "CITOYENNE"), (Person.GivenName, "Zoé"));
        return town;
    }
}
