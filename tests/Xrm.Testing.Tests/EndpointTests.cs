using System.Net;
using Xrm.Sdk;

namespace Xrm.Testing.Tests;

public sealed class EndpointTests
{
    [Fact]
    public async Task The_Endpoints_hook_sees_what_its_caller_sees()
    {
        await using var xrm = await TestXrm.With<HarbourPlugin>();
        await xrm.Create(Boat.Type, (Boat.Name, "Marie"));

        (await xrm.Get("harbour/boats")).BodyText().ShouldBe("Marie (; ; user:test; en)");
        (await xrm.Get("/harbour/boats/by/name?q=a%20b&q=c+d", "harbourMaster")).BodyText().ShouldBe("Marie (by/name; a b,c d; user:harbourMaster; en)");
        (await xrm.Send(new("GET", "harbour/boats") { Actor = Actor.Of("user:nobody", "someRole"), Language = "fr" })).BodyText().ShouldBe(" (; ; user:nobody; fr)");
    }

    [Fact]
    public async Task Methods_bodies_and_paths_are_held_as_a_host_holds_them()
    {
        await using var xrm = await TestXrm.With<HarbourPlugin>();

        (await xrm.Send(new TestRequest("POST", "harbour/boats").WithJson("""{"a":1}"""))).BodyText().ShouldBe("""{"a":1}""");
        (await xrm.Send(new("DELETE", "harbour/boats"))).Status.ShouldBe(405);
        (await xrm.Send(new("HEAD", "harbour/boats"))).Status.ShouldBe(200);
        (await xrm.Get("harbour/boatsmen")).Status.ShouldBe(404);
        (await xrm.Get("elsewhere/boats")).Status.ShouldBe(404);
        (await xrm.Send(new("GET", "harbour/boats") { Actor = Actor.Anonymous })).Status.ShouldBe(401);
    }

    [Fact]
    public async Task What_plugins_ask_of_others_the_test_answers()
    {
        await using var xrm = await TestXrm.With([new HarbourPlugin()], new TestOptions
        {
            Http = (request, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($"high, says {request.RequestUri!.Host}") }),
        });

        (await xrm.Send(new("GET", "harbour/tide") { Actor = Actor.Anonymous })).BodyText().ShouldBe("high, says tides.example.org");
    }

    [Fact]
    public async Task Without_an_answer_of_the_test_nothing_is_called()
    {
        await using var xrm = await TestXrm.With<HarbourPlugin>();

        (await Should.ThrowAsync<HttpRequestException>(() => xrm.Get("harbour/tide"))).Message.ShouldContain("TestOptions.Http");
    }
}
