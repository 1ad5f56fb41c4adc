using Xrm.Sdk;
using Xrm.Testing;

namespace Sample.Tests;

public sealed class RequestTests
{
    [Fact]
    public async Task A_request_is_given_a_reference_that_does_not_change()
    {
        await using var xrm = await TestXrm.With<SamplePlugin>();

        var request = await xrm.Create(Request.Type, (Request.Subject, "Un arbre"));

        request.Get(Request.Reference)!.ShouldStartWith("2026-");
        var problem = await Should.ThrowAsync<Problem>(() => xrm.Commit(Commit.New().Change(request, Request.Reference, "1")));
        problem.Faults.ShouldContain(f => f.Field == "reference");
    }

    [Fact]
    public Task A_request_follows_one_other() => Scenario.With(new SamplePlugin())
        .Given("tree", Request.Type, Values.None.With(Request.Subject, "Un arbre"))
        .Given("more trees", Request.Type, Values.None.With(Request.Subject, "D'autres arbres"))
        .Related("more trees", Request.Follows, "tree")
        .ThenRelated("tree", Request.Follows.Target, "more trees")
        .ThenRefused("following itself besides", s => Commit.New().Relate(s["more trees"].Id, Request.Follows, s["more trees"].Id), "one")
        .Run();

    [Fact]
    public async Task Clerks_are_told_what_is_open_and_others_nothing()
    {
        await using var xrm = await TestXrm.With<SamplePlugin>();
        await xrm.Create(Request.Type, (Request.Subject, "Un arbre"));
        await xrm.Create(Request.Type, (Request.Subject, "Un banc"), (Request.IsClosed, true));

        var answer = await xrm.Get("sample/open", "sampleClerk");

        answer.BodyText().ShouldContain("Un arbre");
        answer.BodyText().ShouldNotContain("Un banc");
        (await xrm.Get("sample/open", "somebody")).BodyText().ShouldBe("[]");
    }
}
