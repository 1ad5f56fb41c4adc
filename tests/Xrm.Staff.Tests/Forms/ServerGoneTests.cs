using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Browsing;
using Xrm.Staff.Tests.Things;

namespace Xrm.Staff.Tests.Forms;

/// <summary>The server goes away while somebody types, and comes back. These tests end their host, and so bring their own.</summary>
public sealed class ServerGoneTests(SharedHost shared, Chromium chromium) : InABrowser(shared, chromium)
{
    protected override Task<StaffHost> OwnHost() => StaffHost.Start(("XRM_PLUGINS", "parties"));

    [Fact]
    public async Task What_was_typed_is_kept_and_saved_once_when_the_server_is_back()
    {
        Expect("ERR_CONNECTION_(REFUSED|RESET)|WebSocket|503|Failed to fetch|fetching the script|status of 5");
        var somebody = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync(somebody.Path + "?edit=1");
        await Page.GetByLabel("Prénom").FillAsync("Tenace");
        await Host.GoAway();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Assertions.Expect(Page.GetByText("Votre saisie est gardée ; elle sera enregistrée dès qu'il répondra")).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByLabel("Prénom")).ToHaveValueAsync("Tenace");
        await Host.ComeBack();
        await Assertions.Expect(Page.GetByText("Modifications enregistrées.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        (await Version(somebody.Id)).ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_that_was_lost_makes_nothing_twice()
    {
        Expect("ERR_FAILED|net::|WebSocket|Failed to fetch|fetching the script");
        await SignIn();
        await Page.GotoAsync("/records/persons/new");
        var name = "Unique" + Guid.NewGuid().ToString("N")[..8];
        await Page.GetByLabel("Nom d'usage ou de famille").FillAsync(name);
        var lost = 0;
        // The commit arrives, its answer does not.
        await Page.RouteAsync("**/graphql", async route =>
        {
            if (lost == 0 && route.Request.PostData?.Contains("mutation Commit", StringComparison.Ordinal) == true)
            {
                lost++;
                await route.FetchAsync();
                await route.AbortAsync();
            }
            else
                await route.ContinueAsync();
        });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Créer la fiche" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(name, new() { Timeout = 60_000 });
        lost.ShouldBe(1);
        (await Host.Ask("query($name: String) { persons(where: { familyName: { eq: $name } }) { totalCount } }", new JsonObject { ["name"] = name }))["persons"]!["totalCount"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task What_was_to_be_deleted_is_once_the_server_is_back()
    {
        var somebody = await Begin();
        await Host.GoAway();
        await Decide();
        await Assertions.Expect(Page.GetByText("sera supprimé dès qu'il répondra")).ToBeVisibleAsync();
        await Host.ComeBack();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Personnes", new() { Timeout = 60_000 });
        (await IsThere(somebody)).ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_thinks_again_while_the_server_is_gone_is_told_what_is_true_and_keeps_what_did_not_arrive()
    {
        var somebody = await Begin();
        await Host.GoAway();
        await Decide();
        await Assertions.Expect(Page.Locator(".going")).ToContainTextAsync("Suppression envoyée ; le serveur n'a pas encore répondu.");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Annuler la suppression" }).ClickAsync();
        await Assertions.Expect(Page.Locator(".going")).ToContainTextAsync("Suppression annulée, sauf si le serveur l'avait déjà reçue");
        await Host.ComeBack();
        await Assertions.Expect(Page.Locator(".notice").Filter(new() { HasText = "est conservé" })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Supprimer", Exact = true })).ToBeVisibleAsync();
        (await IsThere(somebody)).ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_thinks_again_after_the_deletion_arrived_is_told_that_it_is_gone()
    {
        // Nobody tells the page by the WebSocket.
        await Page.RouteWebSocketAsync("**/graphql", _ => { });
        // The commit arrives, and the server goes away before it answers.
        await Page.RouteAsync("**/graphql", async route =>
        {
            if (route.Request.PostData?.Contains("mutation Commit", StringComparison.Ordinal) != true)
            {
                await route.ContinueAsync();
                return;
            }
            await route.FetchAsync();
            await Host.GoAway();
            await route.AbortAsync();
        });
        var somebody = await Begin();
        await Decide();
        await Assertions.Expect(Page.Locator(".going")).ToContainTextAsync("Suppression envoyée ; le serveur n'a pas encore répondu.");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Annuler la suppression" }).ClickAsync();
        await Assertions.Expect(Page.Locator(".going")).ToContainTextAsync("Suppression annulée, sauf si le serveur l'avait déjà reçue");
        await Host.ComeBack();
        await Assertions.Expect(Page.Locator(".notice").Filter(new() { HasText = "était déjà supprimé quand vous avez annulé" })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Personnes");
        (await IsThere(somebody)).ShouldBeFalse();
    }

    /// <summary>Somebody is about to be deleted.</summary>
    private async Task<Somebody> Begin()
    {
        Expect("ERR_CONNECTION_(REFUSED|RESET)|ERR_FAILED|WebSocket|503|Failed to fetch|fetching the script|status of 5");
        var somebody = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync(somebody.Path);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Supprimer", Exact = true }).ClickAsync();
        return somebody;
    }

    /// <summary>The time to think is over.</summary>
    private Task Decide() => Page.Locator(".notice").Filter(new() { HasText = "va être supprimé" }).GetByRole(AriaRole.Button, new() { Name = "Fermer" }).ClickAsync();

    private async Task<bool> IsThere(Somebody somebody) =>
        (await Host.Ask("query($id: ID!) { person(id: $id) { id } }", new JsonObject { ["id"] = somebody.Id }))["person"] is not null;

    private async Task<int> Version(string id) => (await Host.Ask("query($id: ID!) { person(id: $id) { version } }", new JsonObject { ["id"] = id }))["person"]!["version"]!.GetValue<int>();
}
