using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

public sealed class UnreadableLogTests
{
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
        foreach (var query in (string[])["history { nodes { id } }", "id"])
        {
            var asOf = query == "id" ? ", asOf: \"2020-01-01T00:00:00Z\"" : "";
            var one = await server.Ask($$"""{ person(id: "00000000-0000-7000-8000-000000000001"{{asOf}}) { {{query}} } }""");
            one["errors"]![0]!["extensions"]!["code"]!.GetValue<string>().ShouldBe("UNAVAILABLE");
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
