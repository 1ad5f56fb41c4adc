using System.Text;
using System.Text.Json;
using Xrm.GraphQL.Running;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Running;

/// <summary>A list that is asked for again on the same state is not read again; whatever could make its answer another has it read.</summary>
public sealed class KeptAnswersTests
{
    private const string Persons = "{ persons(order: [{ id: ASC }]) { nodes { familyName email employers { totalCount } } } }";

    [Theory]
    [InlineData(Persons)]
    [InlineData("{ persons(first: 0) { groups(by: [CHILDREN]) { count } } }")]
    [InlineData("{ a: persons(search: \"zoe\") { edges { cursor node { id version updatedAt displayName } } pageInfo { endCursor } } b: mandates(during: {}) { nodes { validFrom holder { id } } } __typename }")]
    public async Task From_the_third_time_on_nothing_is_read(string query)
    {
        await using var server = await TownServer.Filled();
        var first = (await server.Ask(query)).ToJsonString();
        server.Store.Reads = 0;
        (await server.Ask(query)).ToJsonString().ShouldBe(first);
        server.Store.Reads.ShouldBeGreaterThan(0);
        server.Store.Reads = 0;
        (await server.Ask(query)).ToJsonString().ShouldBe(first);
        server.Store.Reads.ShouldBe(0);
        first.ShouldNotContain("errors");
    }

    [Theory]
    [InlineData("{ person(id: \"00000000-0000-7000-8000-000000000001\") { familyName } }", 1)]
    [InlineData("{ persons { nodes { familyName } } person(id: \"00000000-0000-7000-8000-000000000001\") { familyName } }", 2)]
    [InlineData("{ search(text: \"zoe\") { nodes { displayName } } }", 1)]
    // Values are taken out of the log behind the commit that erases.
    [InlineData("{ persons { nodes { history(first: 1) { nodes { kind } } } } }", 1)]
    [InlineData("{ persons(asOf: \"2026-01-05T09:30:00Z\") { nodes { familyName } } }", 1)]
    [InlineData("{ persons { nodes { mandates(asOf: \"2026-01-05T09:30:00Z\") { totalCount } } } }", 2)]
    // Told beside the data, in the language of whoever asks.
    [InlineData("{ a: persons { nodes { id } } b: persons(after: \"?\") { totalCount } }", 1)]
    public async Task Anything_else_is_read_each_time(string query, int least)
    {
        await using var server = await TownServer.Filled();
        for (var i = 0; i < 4; i++)
        {
            server.Store.Reads = 0;
            await server.Ask(query);
            server.Store.Reads.ShouldBeGreaterThanOrEqualTo(least);
        }
    }

    [Fact]
    public async Task What_a_plugin_computes_is_asked_each_time()
    {
        var calls = 0;
        var (server, _) = await Parks.Open(hooks => hooks.Computed(Parks.Steps).Add((asked, _) =>
        {
            calls++;
            foreach (var entity in asked.Entities)
                asked.Put(entity, Parks.Steps, calls);
            return default;
        }));
        await using var _1 = server;
        for (var i = 1; i <= 4; i++)
            (await server.Ask("{ persons(first: 1) { nodes { parks_steps } } }"))["data"]!["persons"]!["nodes"]![0]!["parks_steps"]!.GetValue<int>().ShouldBe(i);
    }

    [Fact]
    public async Task Whatever_is_written_is_seen_at_once()
    {
        await using var server = await TownServer.Filled();
        using var stop = new CancellationTokenSource();
        // Others ask all the time, and never see what was before what they saw.
        var others = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            for (var seen = 0; !stop.IsCancellationRequested;)
            {
                var now = await Children(server);
                now.ShouldBeGreaterThanOrEqualTo(seen);
                seen = now;
            }
        }, TestContext.Current.CancellationToken)).ToArray();
        for (var i = 3; i < 200; i++)
        {
            await Update(server, i - 2, Values.None.With(Town.Children, i));
            for (var j = 0; j < 3; j++)
                (await Children(server)).ShouldBe(i);
        }
        await stop.CancelAsync();
        await Task.WhenAll(others);
    }

    [Fact]
    public async Task Others_and_the_same_one_with_other_roles_are_told_what_they_may_see()
    {
        await using var server = await TownServer.Filled();
        for (var i = 0; i < 3; i++)
            (await server.Ask(Persons)).ToJsonString().ShouldContain("zoe@example.org");
        for (var i = 0; i < 3; i++)
            (await server.Ask(Persons, actor: TownServer.Reader)).ToJsonString().ShouldNotContain("zoe@example.org");
        var demoted = Actor.Of(TownServer.Admin.Id, [.. TownServer.Reader.Roles]);
        for (var i = 0; i < 3; i++)
            (await server.Ask(Persons, actor: demoted)).ToJsonString().ShouldNotContain("zoe@example.org");
        (await server.Ask(Persons)).ToJsonString().ShouldContain("zoe@example.org");
    }

    [Fact]
    public async Task Each_value_of_a_variable_has_its_own_answer()
    {
        await using var server = await TownServer.Filled();
        const string query = "query($n: Int) { persons(first: $n) { nodes { id } } }";
        for (var i = 0; i < 4; i++)
            for (var n = 1; n <= 4; n++)
                (await server.Ask(query, new { n }))["data"]!["persons"]!["nodes"]!.AsArray().Count.ShouldBe(n);
    }

    [Fact]
    public async Task Tomorrow_what_holds_then_is_told_though_nothing_was_written()
    {
        await using var server = await TownServer.Filled();
        var tomorrow = DateOnly.FromDateTime(server.Clock.GetUtcNow().UtcDateTime).AddDays(1);
        await server.Engine.Commit(Commit.New().And(new Edit.Relate(Town.WorksFor.Name, EntityId.New(), TownServer.At(4), TownServer.At(41), new Period(tomorrow, null), Values.None)), TownServer.Admin, TestContext.Current.CancellationToken);
        const string query = "{ persons(where: { familyName: { eq: \"AFRIBO\" } }) { nodes { employers { totalCount } } } }";
        for (var i = 0; i < 3; i++)
            (await server.Ask(query))["data"]!["persons"]!["nodes"]![0]!["employers"]!["totalCount"]!.GetValue<int>().ShouldBe(0);
        server.Clock.Advance(hours: 24);
        for (var i = 0; i < 3; i++)
            (await server.Ask(query))["data"]!["persons"]!["nodes"]![0]!["employers"]!["totalCount"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_asks_how_is_told_the_plan_of_a_run()
    {
        await using var server = await TownServer.Filled();
        for (var i = 0; i < 3; i++)
            (await server.Ask(Persons))["extensions"].ShouldBeNull();
        server.Store.Reads = 0;
        (await server.Ask(Persons, explains: true))["extensions"]!["explain"].ShouldNotBeNull();
        server.Store.Reads.ShouldBe(2);
    }

    [Fact]
    public async Task A_batch_pays_for_what_is_kept_as_for_what_is_read()
    {
        await using var server = await TownServer.Filled();
        Task<string> Ask(CostBudget? budget) => Answer(server, new GraphQLRequest(Persons) { Budget = budget });
        for (var i = 0; i < 3; i++)
            await Ask(null);
        server.Store.Reads = 0;
        var budget = new CostBudget(2_000);
        var paid = 0;
        while (!(await Ask(budget)).Contains("batchCost", StringComparison.Ordinal))
            // At least 50 for each.
            (++paid).ShouldBeLessThanOrEqualTo(40);
        paid.ShouldBeGreaterThan(2);
        server.Store.Reads.ShouldBe(0);
    }

    [Fact]
    public async Task Two_questions_of_one_hash_are_two()
    {
        await using var server = await TownServer.Filled();
        using var reader = server.Engine.Read(TownServer.Admin);
        var operation = (await server.Service.SchemaOf(reader.Force).Documents.Get(Persons)).Operation(null);
        using var numbers = JsonDocument.Parse($"[{string.Join(',', Enumerable.Range(0, 600_000))}]");
        var questions = new Dictionary<int, Question>();
        Question one = default, other = default;
        foreach (var number in numbers.RootElement.EnumerateArray())
        {
            other = new(operation, reader, "en", number);
            if (questions.TryGetValue(other.Hash, out one))
                break;
            questions.Add(other.Hash, other);
        }
        one.Hash.ShouldBe(other.Hash);
        var answers = new KeptAnswers();
        using var answer = await server.Service.Execute(new(Persons), TownServer.Admin, "en", TestContext.Current.CancellationToken);
        answers.Keep(one, answer, 1);
        answers.Keep(one, answer, 1);
        answers.Find(one, null).ShouldNotBeNull().Dispose();
        answers.Find(other, null).ShouldBeNull();
    }

    [Fact]
    public async Task Long_answers_are_not_kept_and_many_are_let_go()
    {
        await using var server = await TownServer.Filled();
        await Write(server, 1, KeptAnswers.LargestSize);
        const string query = "query($n: Int) { persons(first: 1, order: [{ id: ASC }]) { nodes { extra } pageInfo { hasNextPage } } other: persons(first: $n) { totalCount } }";
        var answers = server.Service.SchemaOf(server.Engine.Force).Answers;
        for (var i = 0; i < 3; i++)
            (await server.Ask(query, new { n = 1 }))["errors"].ShouldBeNull();
        answers.Bytes.ShouldBe(0);
        // Nor is what somebody sends along.
        for (var i = 0; i < 3; i++)
            (await server.Ask("query($n: Int) { persons(first: $n) { totalCount } }", new { n = 1, unused = new string('x', KeptAnswers.LargestSize) }))["errors"].ShouldBeNull();
        answers.Bytes.ShouldBe(0);

        await Write(server, 2, KeptAnswers.LargestSize * 3 / 4);
        var most = 0;
        for (var n = 1; n <= 95; n++)
            for (var i = 0; i < 2; i++)
            {
                await server.Ask(query, new { n });
                most = Math.Max(most, answers.Bytes);
            }
        most.ShouldBeInRange(KeptAnswers.MostBytes - KeptAnswers.LargestSize, KeptAnswers.MostBytes);
        answers.Bytes.ShouldBeLessThan(most);
    }

    private static async Task<string> Answer(TownServer server, GraphQLRequest request)
    {
        using var answer = await server.Service.Execute(request, TownServer.Admin, "en", TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(answer.Body.Span);
    }

    private static Task Write(TownServer server, int version, int length) => Update(server, version, Values.None.With(Town.Extra, JsonSerializer.SerializeToElement(new string('x', length))));

    private static async Task Update(TownServer server, int version, Values values) =>
        await server.Engine.Commit(Commit.New().And(new Edit.Update(Town.Person.Name, TownServer.At(1), version, values)), TownServer.Admin, TestContext.Current.CancellationToken);

    private static async Task<int> Children(TownServer server) =>
        (await server.Ask("{ persons(where: { givenName: { eq: \"Zoé\" } }) { nodes { children } } }"))["data"]!["persons"]!["nodes"]![0]!["children"]!.GetValue<int>();
}
