using System.Text.Json.Nodes;
using Xrm.GraphQL.Tests.Plans;

namespace Xrm.GraphQL.Tests.Running;

/// <summary>How many records a request could look at. There are 400 persons, 80 complaints of theirs, 40 who work for one of two organisations, and 1,000 may be looked at.</summary>
public sealed class ScanLimitTests : IAsyncLifetime
{
    private TownServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await Crowd.Filled(new GraphQLLimits { Scan = 1_000 });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("familyName: { contains: \"x\" }", 2)]
    [InlineData("familyName: { neq: \"x\" }", 2)]
    [InlineData("not: { children: { eq: 1 } }", 2)]
    [InlineData("complaints: { none: { node: { subject: { eq: \"x\" } } } }", 2)]
    // Each person is asked for its relationships and each of those for its address: 400 x (1 + 0.2 x (1 + 1 x (1 + 0.2))).
    [InlineData("complaints: { all: { node: { reporter: { complaints: { none: {} } } } } }", 1)]
    public async Task What_no_index_answers_counts_as_all_records_and_what_is_asked_behind_them(string where, int admitted)
    {
        var lists = string.Join(' ', Enumerable.Range(0, admitted).Select(i => $"a{i}: persons(where: {{ {where} }}) {{ totalCount }}"));
        (await _server.Ask($"{{ {lists} }}"))["errors"].ShouldBeNull();
        Refused(await _server.Ask($"{{ {lists} b: persons(where: {{ {where} }}) {{ totalCount }} }}"), "b");
    }

    [Fact]
    public async Task So_does_an_order_of_which_no_index_is_there_yet()
    {
        var query = "{ " + string.Join(' ', Enumerable.Range(0, 5).Select(i => $"a{i}: persons(order: [{{ givenName: ASC }}], first: 5) {{ nodes {{ id }} }}")) + " }";
        Refused(await _server.Ask(query), "a2");
        // It was wanted all the same, and is there for the next.
        await _server.Settle();
        (await _server.Ask(query))["errors"].ShouldBeNull();
    }

    [Fact]
    public async Task What_a_key_an_index_or_a_kept_number_answers_counts_for_little()
    {
        var query = "{ " + string.Join(' ', Enumerable.Range(0, 30).Select(i => $"a{i}: persons(where: {{ email: {{ eq: \"p{i}@example.org\" }} }}) {{ totalCount }} b{i}: persons {{ totalCount }} c{i}: persons(where: {{ familyName: {{ eq: \"Name {i:00}\" }} }}) {{ totalCount }}")) + " }";
        Refused(await _server.Ask(query), "c2");
        await _server.Settle();
        (await _server.Ask(query))["errors"].ShouldBeNull();
    }

    [Fact]
    public async Task Links_count_by_the_average_of_each_thing_and_no_thing_twice()
    {
        // Of an organisation 20, of 20 persons 2, of two organisations, whatever the pages say, 40: 62, twenty times.
        (await _server.Ask("""{ organisationBySiren(siren: "100000001") { employees(first: 1000) { nodes { employers(first: 1000) { nodes { employees(first: 1) { totalCount } } } } } } }""", actor: null))["errors"]
            .ShouldNotBeNull().ToJsonString().ShouldContain("cost");
        var links = string.Join(' ', Enumerable.Range(0, 20).Select(i => $"a{i}: employees(first: 20) {{ nodes {{ employers(first: 2) {{ nodes {{ employees(first: 1) {{ totalCount }} }} }} }} }}"));
        Refused(await _server.Ask($"{{ organisationBySiren(siren: \"100000001\") {{ {links} }} }}"), "organisationBySiren.a16");
    }

    [Fact]
    public async Task The_figure_of_records_is_told_to_administrators_alone()
    {
        const string Query = """{ a: persons(where: { familyName: { contains: "x" } }) { totalCount } b: persons(where: { familyName: { contains: "y" } }) { totalCount } c: persons(where: { familyName: { contains: "z" } }) { totalCount } }""";
        Message(await _server.Ask(Query)).ShouldBe("The request could look at more than 1000 records (about 1200): ask by equality, range or the beginning of a text, or for less at once.");
        Message(await _server.Ask(Query, actor: TownServer.Reader)).ShouldBe("The request could look at more than 1000 records: ask by equality, range or the beginning of a text, or for less at once.");
    }

    [Fact]
    public async Task It_is_refused_before_anything_is_read()
    {
        _server.Store.Reads = 0;
        Refused(await _server.Ask("""{ p: persons(first: 1) { nodes { id } } a: persons(where: { familyName: { contains: "x" }, mandates: { all: { node: { holder: { complaints: { none: {} } } } } } }) { totalCount } b: persons(where: { givenName: { contains: "x" } }) { totalCount } c: persons(where: { not: {} }) { totalCount } }"""), "c");
        _server.Store.Reads.ShouldBe(0);
    }

    private static void Refused(JsonNode answer, string path)
    {
        answer["data"].ShouldBeNull();
        var error = answer["errors"]!.AsArray().ShouldHaveSingleItem()!;
        error["extensions"]!["code"]!.GetValue<string>().ShouldBe("LIMIT");
        error["extensions"]!["rule"]!.GetValue<string>().ShouldBe("scan");
        string.Join('.', error["path"]!.AsArray().Select(k => k!.GetValue<string>())).ShouldBe(path);
    }

    private static string Message(JsonNode answer) => answer["errors"]![0]!["message"]!.GetValue<string>();
}
