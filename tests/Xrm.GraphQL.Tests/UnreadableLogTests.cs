using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

public sealed class UnreadableLogTests
{
    private const string Then = ", asOf: \"2026-01-05T08:30:00Z\"";
    private static readonly Label Said = Label.Of("Le disque ne répond pas.", "The disk does not answer.");

    [Fact]
    public async Task A_log_that_cannot_be_read_is_unavailable_with_the_reason()
    {
        var journal = new MemoryJournal();
        await using var server = await TownServer.Filled(journal: journal);
        journal.Reading = () => throw new IOException("disk", new Problem(ProblemCode.Unavailable, Said, rule: "store"));

        var answer = await server.Ask("""{ model { version } changes { nodes { id } } person(id: "00000000-0000-7000-8000-000000000001") { id } }""");
        answer["errors"]!.AsArray().Count.ShouldBe(1);
        answer["errors"]![0]!["message"]!.GetValue<string>().ShouldBe(Said.En);
        answer["errors"]![0]!["extensions"]!.ToJsonString().ShouldBe("""{"code":"UNAVAILABLE","rule":"store"}""");
        foreach (var (query, asOf) in ((string, string)[])[("history { nodes { id } }", ""), ("id", Then), ("mandates { totalCount }", Then), ($"mandates({Then[2..]}) {{ totalCount }}", "")])
        {
            var one = await server.Ask($$"""{ model { version } person(id: "00000000-0000-7000-8000-000000000001"{{asOf}}) { {{query}} } }""");
            one["errors"]!.AsArray().Single()!["extensions"]!["code"]!.GetValue<string>().ShouldBe("UNAVAILABLE");
            one["errors"]![0]!["path"]![0]!.GetValue<string>().ShouldBe("person");
            one["data"]!["model"].ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Plugins_get_the_problem_too()
    {
        var journal = new MemoryJournal();
        await using var server = await TownServer.Filled(journal: journal);
        journal.Reading = () => throw new UnauthorizedAccessException("No access.");

        var problem = await Should.ThrowAsync<Problem>(async () =>
        {
            await foreach (var _ in server.Engine.As(TownServer.Admin).Changes(Cursor.Start, TestContext.Current.CancellationToken)) { }
        });
        problem.Code.ShouldBe(ProblemCode.Unavailable);
        problem.Faults.Single().Message.En.ShouldContain("No access.");
    }
}
