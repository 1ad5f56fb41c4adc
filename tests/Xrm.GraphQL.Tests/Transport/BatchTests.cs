using System.Text.Json.Nodes;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>Several requests in one JSON array.</summary>
public sealed class BatchTests
{
    private static readonly string First = TownServer.Id(1);

    [Fact]
    public async Task Each_request_is_answered_in_its_place_and_one_that_is_wrong_does_not_harm_the_others()
    {
        await using var server = await TransportServer.Of(new());
        var (status, json) = await server.Post($$$"""
            [{"query":"{ __typename }"}, {"query":"{ nope }"}, 7, {"variables":{}}, {"query":"\ud800"}, [{"query":"{ __typename }"}],
             {"query":"query A($id: ID!) { person(id: $id) { givenName } } query B { me { id } }","operationName":"A","variables":{"id":"{{{First}}}"}}]
            """);
        status.ShouldBe(200);
        var answers = json.AsArray();
        answers.Count.ShouldBe(7);
        answers[0]!.ToJsonString().ShouldBe("""{"data":{"__typename":"Query"}}""");
        answers.Skip(1).Take(5).Select(a => a!.Code()).ShouldBe(["INVALID", "INVALID", "INVALID", "INVALID", "INVALID"]);
        answers[6]!["data"]!["person"]!["givenName"]!.GetValue<string>().ShouldBe("Zoé");
    }

    [Fact]
    public async Task Mutations_run_one_after_the_other_and_later_requests_see_what_they_wrote()
    {
        await using var server = await TransportServer.Of(new());
        string Name(string name, int version) => $$$"""{"query":"mutation { updatePerson(id: \"{{{First}}}\", set: { givenName: \"{{{name}}}\" }, expectedVersion: {{{version}}}) { person { version } } }"}""";
        const string read = """{"query":"query($id: ID!) { person(id: $id) { givenName } }","variables":{"id":"00000000-0000-7000-8000-000000000001"}}""";
        var (_, json) = await server.Post($"[{Name("Ana", 1)},{read},{Name("Eva", 2)},{read},{Name("Ida", 2)},{read}]");
        json.AsArray().Where((_, i) => i % 2 == 1).Select(a => a!["data"]!["person"]!["givenName"]!.GetValue<string>()).ShouldBe(["Ana", "Eva", "Eva"]);
        json[4]!.Code().ShouldBe("CONFLICT");
    }

    [Fact]
    public async Task One_with_too_many_requests_or_none_is_refused_whole()
    {
        await using var server = await TransportServer.Of(new() { Requests = 3 });
        var (status, json) = await server.Post("""[{"query":"{ __typename }"},{"query":"{ __typename }"},{"query":"{ __typename }"},{"query":"{ __typename }"}]""");
        status.ShouldBe(400);
        json.ToJsonString().ShouldBe("""{"errors":[{"message":"The batch holds 4 requests; at most 3 are allowed.","extensions":{"code":"LIMIT","rule":"requests","limit":3,"figure":4}}]}""");
        (status, json) = await server.Post("[]");
        status.ShouldBe(400);
        json.Rule().ShouldBe("batching");
    }

    [Fact]
    public async Task What_all_of_them_could_touch_is_limited_as_for_one()
    {
        await using var server = await TransportServer.Of(new() { Cost = 100 });
        const string list = """{"query":"{ persons(first: 40) { nodes { id } } }"}""";
        server.Town.Store.Reads = 0;
        var (_, json) = await server.Post($$"""[{{list}},{{list}},{{list}},{"query":"{ me { id } }"},{"query":"{ persons(first: 101) { nodes { id } } }"}]""");
        json.AsArray().Select(a => a!.Rule()).ShouldBe([null, null, "batchCost", null, "cost"]);
        json[2]!["errors"]![0]!["extensions"]!["figure"]!.GetValue<long>().ShouldBe(120);
        server.Town.Store.Reads.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_left_when_the_time_of_a_request_is_over_is_not_run()
    {
        var clock = new Clock();
        await using var server = await TransportServer.Of(new() { Time = TimeSpan.FromHours(2) }, clock);
        server.Town.Store.BeforeRead = _ =>
        {
            clock.Passed += 3 * TimeSpan.TicksPerHour;
            return Task.CompletedTask;
        };
        const string list = """{"query":"{ persons { nodes { id } } }"}""";
        var (_, json) = await server.Post($"[{list},{list},{list}]");
        json.AsArray().Select(a => a!.Rule()).ShouldBe([null, "time", "time"]);
    }

    [Fact]
    public async Task Nobody_signed_in_is_401_and_events_take_no_array()
    {
        await using var server = await TransportServer.Of(new());
        (await server.Post("""[{"query":"{ __typename }"}]""", headers: ("X-Nobody", "1"))).Status.ShouldBe(401);
        var (status, json) = await server.Post("""[{"query":"{ __typename }"}]""", "text/event-stream");
        status.ShouldBe(400);
        json.Rule().ShouldBe("batching");
    }

    /// <summary>Measures what a test says has passed.</summary>
    private sealed class Clock : TimeProvider
    {
        public long Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed;
    }
}
