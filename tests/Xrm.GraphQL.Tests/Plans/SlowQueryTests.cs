using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Plans;

/// <summary>Slow queries in the log. Here every query is slow.</summary>
public sealed class SlowQueryTests : IAsyncLifetime
{
    private readonly KeptLog _log = new();
    private TownServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await Crowd.Filled(with: options => options with { Log = _log, Slow = TimeSpan.Zero });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Operation_document_actor_and_plan_are_told_but_no_value_and_no_alias()
    {
        await _server.Ask("""query Neighbours($of: String) { dupont: persons(where: { familyName: { startsWith: $of }, givenName: { neq: "Marguerite" } }) { nodes { id } } }""", new { of = "Lefèvre" });

        var line = _log.Lines.ShouldHaveSingleItem();
        line.ShouldStartWith("Warning: Slow query Neighbours of document ");
        line.ShouldContain(" ms for user:admin\nquery\n  persons: list of Person\n    filter familyName startsWith ? and givenName != ?\n");
        foreach (var word in (string[])["Lefèvre", "Marguerite", "dupont", "Name 0", "@example.org"])
            line.ShouldNotContain(word, Case.Sensitive);
    }

    [Fact]
    public async Task The_same_document_has_the_same_hash_whoever_asks()
    {
        await _server.Ask("{ persons(first: 2) { nodes { displayName } } }");
        await _server.Ask("{ persons(first: 2) { nodes { displayName } } }", actor: TownServer.Reader);
        _log.Lines.Select(l => l.Split("document ")[1][..64]).Distinct().ShouldHaveSingleItem().ShouldBe(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("{ persons(first: 2) { nodes { displayName } } }"u8)));
    }

    [Fact]
    public async Task What_rights_add_is_told_in_the_names_of_the_model()
    {
        await _server.Ask("{ persons(order: [{ email: ASC }]) { nodes { employers { totalCount } mandates { totalCount } } } }", actor: TownServer.Reader);
        var line = _log.Lines.ShouldHaveSingleItem();
        line.ShouldContain("order email where seen, id");
        line.ShouldContain("relationships by WorksFor to Organisation\n      seen false\n");
    }

    [Fact]
    public async Task The_way_that_is_foreseen_is_the_way_that_is_taken()
    {
        foreach (var where in (string[])["familyName: { eq: \"Name 07\" }", "familyName: { in: [\"Name 07\", \"Name 08\"] }", "children: { gte: 2, lt: 3 }", "email: { eq: \"p1@example.org\" }", "id: { eq: \"" + TownServer.Id(1) + "\" }", "complaints: { some: { node: { subject: { eq: \"Subject 1\" } } } }", "complaints: { none: { node: {} } }", "givenName: { endsWith: \"7\" }", "or: [{ children: { eq: 1 } }, { givenName: { eq: \"x\" } }]"])
            foreach (var rest in (string[])["totalCount", "nodes { id }", "groups(by: [CHILDREN]) { count }"])
                for (var time = 0; time < 2; time++)
                {
                    _log.Lines.Clear();
                    var answer = await _server.Ask($"{{ persons(where: {{ {where} }}, order: [{{ familyName: DESC }}], first: 5) {{ {rest} }} }}", explains: true);
                    var lines = answer["extensions"]!["explain"]!.GetValue<string>().Split('\n');
                    _log.Lines.ShouldHaveSingleItem().ShouldEndWith(string.Join('\n', lines));
                    await _server.Settle();
                }
    }

    [Fact]
    public async Task A_mutation_is_none() => await Nothing("""mutation { createAddress(input: { city: "Rennes" }) { address { id } } }""");

    [Fact]
    public async Task Nor_is_what_is_refused_by_a_rule_of_GraphQL() => await Nothing("{ nobody }");

    private async Task Nothing(string document)
    {
        await _server.Ask(document);
        _log.Lines.ShouldBeEmpty();
    }
}
