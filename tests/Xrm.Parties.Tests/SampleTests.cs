using System.Text.Json.Nodes;
using Parties;
using Xrm.Sdk;
using Xrm.Testing;

namespace Xrm.Parties.Tests;

/// <summary>The invented parties of a demonstration, loaded into the real engine.</summary>
public sealed class SampleTests : IAsyncLifetime
{
    private TestXrm _xrm = null!;

    public async ValueTask InitializeAsync()
    {
        _xrm = await TestXrm.With<PartiesPlugin>();
        await _xrm.LoadSamples();
    }

    public ValueTask DisposeAsync() => _xrm.DisposeAsync();

    [Fact]
    public async Task There_are_two_thousand_persons_and_three_hundred_organisations_each_with_a_place_and_a_contact()
    {
        const string query = """
            { persons { totalCount } organisations { totalCount } homeless: persons(where: { homes: { none: {} } }) { totalCount } silent: persons(where: { contactPoints: { none: {} } }) { totalCount }
              nowhere: organisations(where: { sites: { none: {} } }) { totalCount } units: organisationalUnits { totalCount } }
            """;
        (await Ask(query)).ToJsonString().ShouldBe("""{"persons":{"totalCount":2000},"organisations":{"totalCount":300},"homeless":{"totalCount":0},"silent":{"totalCount":0},"nowhere":{"totalCount":0},"units":{"totalCount":11}}""");
    }

    [Fact]
    public async Task Numbers_and_addresses_are_of_nobody()
    {
        var organisations = (await _xrm.Query(Query.For(Organisation.Type).First(1000))).ToArray();
        organisations.Select(o => o.Get(Organisation.Siren)).ShouldBeUnique();
        organisations.ShouldAllBe(o => o.Get(Organisation.Siren)!.StartsWith("0000", StringComparison.Ordinal));
        var points = (await _xrm.Query(Query.For(ContactPoint.Type).First(5000))).Select(p => p.Get(ContactPoint.Value)!).ToArray();
        points.ShouldAllBe(p => p.EndsWith("@example.org", StringComparison.Ordinal) || p.EndsWith(".example", StringComparison.Ordinal) || p.StartsWith("+3363998", StringComparison.Ordinal) || p.StartsWith("+3335301", StringComparison.Ordinal));
        (await _xrm.Query(Query.For(Address.Type).First(5000))).ShouldAllBe(a => a.Get(Address.PostCode)!.StartsWith("00", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Work_and_memberships_have_pasts_and_no_period_ends_before_it_begins()
    {
        const string query = """{ now: persons(where: { employers: { some: {} } }) { totalCount } once: persons(where: { employers: { some: { during: {} } } }) { totalCount } people: persons(first: 200, where: { employers: { some: { during: {} } } }) { nodes { employersLinks: employers(during: {}) { edges { validFrom validTo } } } } }""";
        var answer = await Ask(query);
        answer["once"]!["totalCount"]!.GetValue<int>().ShouldBe(667);
        var periods = answer["people"]!["nodes"]!.AsArray().SelectMany(p => p!["employersLinks"]!["edges"]!.AsArray()).ToArray();
        periods.Count(p => p!["validTo"] is not null).ShouldBeGreaterThan(30);
        periods.ShouldAllBe(p => p!["validTo"] == null || string.CompareOrdinal(p["validFrom"]!.GetValue<string>(), p["validTo"]!.GetValue<string>()) < 0);
    }

    [Fact]
    public async Task What_the_demonstration_asks_to_try_is_there()
    {
        var member = (await Ask("""{ persons(search: "maelle brossard") { nodes { displayName memberships { nodes { displayName } } } } }"""))["persons"]!["nodes"]!.AsArray().ShouldHaveSingleItem()!;
        member["displayName"]!.GetValue<string>().ShouldBe("Maëlle Brossard");
        member["memberships"]!["nodes"]!.AsArray().ShouldHaveSingleItem()!["displayName"]!.GetValue<string>().ShouldBe("Cyclo-club d'Aubreval");
        (await Ask("""{ organisations(search: "trois ponts") { nodes { history(first: 100) { nodes { actor field before after } } } } }"""))["organisations"]!["nodes"]![0]!["history"]!["nodes"]!.AsArray()
            .ShouldContain(c => c!["actor"]!.GetValue<string>() == "user:clerk" && c["before"] != null && c["before"]!.GetValue<string>() == "Atelier des 3 ponts");
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_data_and_another_gives_others()
    {
        const string query = "{ persons(first: 300, order: [{ id: ASC }]) { nodes { id displayName homes { nodes { fullAddress } } employers(during: {}) { edges { id validFrom validTo } } } } }";
        await using var again = await TestXrm.With<PartiesPlugin>();
        await again.LoadSamples();
        await using var other = await TestXrm.With<PartiesPlugin>();
        await other.LoadSamples(2);

        var here = (await Ask(query)).ToJsonString();
        (await again.Ask(query))["data"]!.ToJsonString().ShouldBe(here);
        (await other.Ask(query))["data"]!.ToJsonString().ShouldNotBe(here);
    }

    private async Task<JsonNode> Ask(string query)
    {
        var answer = await _xrm.Ask(query);
        answer["errors"].ShouldBeNull();
        return answer["data"]!;
    }
}
