using System.Text.Json.Nodes;
using Elus;
using Parties;
using Xrm.Testing;

namespace Xrm.Elus.Tests;

/// <summary>The invented officials of a demonstration, loaded into the real engine.</summary>
public sealed class SampleTests : IAsyncLifetime
{
    private TestXrm _xrm = null!;

    public async ValueTask InitializeAsync()
    {
        _xrm = await TestXrm.With([new PartiesPlugin(), new ElusPlugin()], new DateTimeOffset(2026, 9, 1, 9, 0, 0, TimeSpan.Zero));
        (await _xrm.LoadSamples()).ShouldBeGreaterThan(60);
    }

    public ValueTask DisposeAsync() => _xrm.DisposeAsync();

    [Fact]
    public async Task Every_commune_has_one_mayor_today_and_had_one_in_the_term_before()
    {
        foreach (var day in (string[])["2026-09-01", "2022-05-05"])
        {
            var mayors = (await Ask($$"""{ electiveFunctions(at: "{{day}}", first: 1000, where: { functionType: { eq: "mayor" } }) { totalCount nodes { mandate { holder { id } constituency { id } } } } }"""))["electiveFunctions"]!;
            mayors["totalCount"]!.GetValue<int>().ShouldBe(120);
            mayors["nodes"]!.AsArray().Select(m => m!["mandate"]!["constituency"]!["id"]!.GetValue<string>()).ShouldBeUnique();
            mayors["nodes"]!.AsArray().Select(m => m!["mandate"]!["holder"]!["id"]!.GetValue<string>()).ShouldBeUnique();
        }
    }

    [Fact]
    public async Task Councils_are_whole_and_nobody_sits_twice_in_one_at_a_time()
    {
        (await Ask("""{ mandates(at: "2026-09-01") { groups(by: [MANDATE_TYPE]) { mandateType count } } all: mandates { totalCount } lost: mandates(where: { holder: { id: { eq: null } } }) { totalCount } }""")).ToJsonString()
            .ShouldBe("""{"mandates":{"groups":[{"mandateType":"departmental","count":20},{"mandateType":"municipal","count":1080}]},"all":{"totalCount":2212},"lost":{"totalCount":0}}""");
        foreach (var day in (string[])["2026-09-01", "2022-05-05"])
            (await Ask($$"""{ mandates(at: "{{day}}", first: 1000, where: { mandateType: { eq: "municipal" } }) { nodes { holder { id } } } }"""))["mandates"]!["nodes"]!.AsArray().Select(m => m!["holder"]!["id"]!.GetValue<string>()).ShouldBeUnique();
    }

    [Fact]
    public async Task What_ended_says_why_and_no_period_ends_before_it_begins()
    {
        (await Ask("""{ ended: mandates(where: { validTo: { neq: null }, endReason: { eq: null } }) { totalCount } resigned: mandates(where: { endReason: { eq: "resignation" } }) { totalCount } }""")).ToJsonString()
            .ShouldBe("""{"ended":{"totalCount":0},"resigned":{"totalCount":12}}""");
        foreach (var type in (string[])["mandates", "electiveFunctions", "delegations"])
            (await Ask($$"""{ {{type}}(first: 1000, where: { validTo: { neq: null } }) { nodes { validFrom validTo } } }"""))[type]!["nodes"]!.AsArray()
                .ShouldAllBe(n => string.CompareOrdinal(n!["validFrom"]!.GetValue<string>(), n["validTo"]!.GetValue<string>()) < 0);
    }

    [Fact]
    public async Task Some_deputies_changed_since_they_were_recorded()
    {
        var changes = (await Ask("""{ electiveFunctions(first: 1000, where: { version: { gt: 1 } }) { totalCount nodes { history { nodes { actor field } } } } }"""))["electiveFunctions"]!;
        changes["totalCount"]!.GetValue<int>().ShouldBe(12);
        changes["nodes"]!.AsArray().ShouldAllBe(n => n!["history"]!["nodes"]!.AsArray().Any(c => c!["actor"]!.GetValue<string>() == "user:clerk"));
    }

    private async Task<JsonNode> Ask(string query)
    {
        var answer = await _xrm.Ask(query);
        answer["errors"].ShouldBeNull();
        return answer["data"]!;
    }
}
