using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.GraphQL.Tests;

public sealed class LimitTests(FilledTown town) : IClassFixture<FilledTown>
{
    [Fact]
    public Task A_document_of_2_000_levels_is_refused_before_it_is_parsed() =>
        Refused(string.Concat(Enumerable.Repeat("{ a", 2_000)) + string.Concat(Enumerable.Repeat("}", 2_000)), "nesting", "64");

    [Fact]
    public Task So_is_one_of_2_000_lists_in_lists() =>
        Refused("{ persons(where: " + new string('[', 2_000) + new string(']', 2_000) + ") { totalCount } }", "nesting", "64");

    [Fact]
    public Task So_is_one_that_never_closes() => Refused(new string('{', 90_000), "nesting", "64");

    [Fact]
    public Task A_document_of_a_megabyte_is_refused() => Refused("{ persons { totalCount } } #" + new string('x', 1 << 20), "documentLength", "102400");

    [Fact]
    public Task A_document_of_many_words_is_refused() => Refused("{ " + string.Concat(Enumerable.Repeat("me { id } ", 2_000)) + "}", "tokens", "4000");

    [Fact]
    public Task Fields_deeper_than_the_limit_are_refused()
    {
        var query = new StringBuilder("{ person(id: \"x\") ");
        for (var i = 0; i < 8; i++)
            query.Append("{ mandates { nodes { holder ");
        return Refused(query.Append("{ id }").Append(string.Concat(Enumerable.Repeat(" } } }", 8))).Append(" }").ToString(), "depth", "24");
    }

    [Fact]
    public Task Fragments_do_not_hide_depth()
    {
        var query = new StringBuilder("{ person(id: \"x\") { ...f0 } } ");
        for (var i = 0; i < 10; i++)
            query.Append(System.Globalization.CultureInfo.InvariantCulture, $"fragment f{i} on Person {{ mandates {{ nodes {{ holder {{ ...f{i + 1} }} }} }} }} ");
        return Refused(query.Append("fragment f10 on Person { id }").ToString(), "depth", "24");
    }

    [Fact]
    public Task Fragments_do_not_hide_many_fields()
    {
        var query = new StringBuilder("{ ");
        for (var i = 0; i < 200; i++)
            query.Append(System.Globalization.CultureInfo.InvariantCulture, $"p{i}: person(id: \"x\") {{ ...f }} ");
        query.Append("} fragment f on Person { ");
        for (var i = 0; i < 100; i++)
            query.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: id ");
        return Refused(query.Append('}').ToString(), "fields", "5000");
    }

    [Fact]
    public Task Introspection_does_not_go_round_in_circles() =>
        Refused("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "introspection", "2");

    [Fact]
    public async Task Variables_count_for_the_cost()
    {
        town.Server.Store.Reads = 0;
        var answer = await town.Server.Ask("query($n: Int) { persons(first: $n) { nodes { mandates(first: $n) { nodes { functions(first: $n) { totalCount nodes { id } } } } } } }", new { n = 200 });
        Code(answer).ShouldBe("LIMIT");
        answer["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe("cost");
        answer["errors"]![0]!["extensions"]!["limit"]!.GetValue<long>().ShouldBe(1_000_000);
        answer["errors"]![0]!["extensions"]!["figure"]!.GetValue<long>().ShouldBe(200 + 200 * 200 + 200 * 200 * 200);
        answer["errors"]![0]!["message"]!.GetValue<string>().ShouldContain("8040200");
        answer["errors"]![0]!["path"]!.ToJsonString().ShouldBe("""["persons","nodes","mandates","nodes","functions"]""");
        town.Server.Store.Reads.ShouldBe(0);
    }

    [Fact]
    public async Task A_page_that_is_too_long_is_refused_with_its_place_and_both_figures()
    {
        var answer = await town.Server.Ask("{ me { id } persons(first: 1001) { totalCount } }");
        answer.ToJsonString().ShouldBe("""{"errors":[{"message":"\u0022first\u0022 asks for 1001 items; at most 1000 are allowed.","locations":[{"line":1,"column":13}],"path":["persons"],"extensions":{"code":"LIMIT","field":"first","rule":"pageSize","limit":1000,"figure":1001}}]}""");
    }

    [Fact]
    public async Task A_page_of_more_than_can_be_counted_is_refused_like_any_other()
    {
        await using var wide = await TownServer.Filled(new() { PageSize = int.MaxValue });
        var answer = await wide.Ask("query($n: Int) { persons(first: $n) { nodes { mandates(first: $n) { nodes { functions(first: $n) { nodes { id } } } } } } }", new { n = int.MaxValue });
        answer["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe("cost");
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_given_up()
    {
        await using var slow = await TownServer.Filled(new() { Time = TimeSpan.FromMilliseconds(50) });
        slow.Store.BeforeRead = _ => Task.Delay(TimeSpan.FromMilliseconds(200));
        var answer = await slow.Ask("{ persons { nodes { mandates { nodes { id } } } } }");
        Code(answer).ShouldBe("LIMIT");
        answer["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe("time");
    }

    [Fact]
    public async Task A_fault_of_ours_is_told_by_a_trace_id_alone()
    {
        await using var broken = await TownServer.Filled();
        broken.Store.BeforeRead = _ => throw new InvalidOperationException("secret of the database");
        var answer = await broken.Ask("{ person(id: \"00000000-0000-7000-8000-000000000001\") { id } me { id } }");
        Code(answer).ShouldBe("INTERNAL");
        answer["errors"]![0]!["extensions"]!["traceId"]!.GetValue<string>().Length.ShouldBe(32);
        answer.ToJsonString().ShouldNotContain("secret");
        answer["data"]!["me"]!["id"]!.GetValue<string>().ShouldBe("user:admin");
    }

    private async Task Refused(string query, string rule, string figure)
    {
        town.Server.Store.Reads = 0;
        var answer = await town.Server.Ask(query);
        answer["data"].ShouldBeNull();
        answer["errors"]!.AsArray().Count.ShouldBe(1);
        Code(answer).ShouldBe("LIMIT");
        answer["errors"]![0]!["extensions"]!["rule"]!.GetValue<string>().ShouldBe(rule);
        var limit = answer["errors"]![0]!["extensions"]!["limit"]!.GetValue<long>();
        limit.ShouldBe(long.Parse(figure, System.Globalization.CultureInfo.InvariantCulture));
        answer["errors"]![0]!["extensions"]!["figure"]!.GetValue<long>().ShouldBeGreaterThan(limit);
        answer["errors"]![0]!["message"]!.GetValue<string>().ShouldContain(figure);
        town.Server.Store.Reads.ShouldBe(0);
    }

    private static string Code(JsonNode answer) => answer["errors"]![0]!["extensions"]!["code"]!.GetValue<string>();
}
