using Microsoft.Playwright;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Things;

public sealed class LiveTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task A_page_that_is_open_follows_what_somebody_else_changes_and_says_so()
    {
        var person = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync(person.Path);
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Zoé {person.Name}");
        await Task.Delay(500);
        await person.Rename(Host, "Zoëlle");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Zoëlle {person.Name}");
        await Assertions.Expect(Page.GetByText("vient d'être modifiée par quelqu'un d'autre")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_page_that_is_open_says_when_its_thing_is_deleted()
    {
        var person = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync(person.Path);
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Zoé {person.Name}");
        await Task.Delay(500);
        await Host.Ask("mutation($id: ID!) { deletePerson(id: $id, onConflict: OVERWRITE) { id } }", new() { ["id"] = person.Id });
        await Assertions.Expect(Page.GetByRole(AriaRole.Main)).ToContainTextAsync("n'existe pas");
    }
}

/// <summary>What happens to the host happens to no other test's.</summary>
public sealed class HostLifeTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    protected override Task<StaffHost> OwnHost() => StaffHost.Start(("XRM_PLUGINS", "parties"));

    [Fact]
    public async Task A_plugin_that_is_installed_while_a_page_is_open_is_there_without_a_reload()
    {
        await SignIn();
        await Page.GotoAsync("/");
        var menu = Page.GetByRole(AriaRole.Navigation, new() { Name = "Types de fiches" });
        await Assertions.Expect(menu.GetByRole(AriaRole.Link, new() { Name = "Personnes" })).ToBeVisibleAsync();
        await Assertions.Expect(menu.GetByRole(AriaRole.Link, new() { Name = "Mandats" })).ToHaveCountAsync(0);
        await Page.EvaluateAsync("window.stays = true");
        await Task.Delay(1000);
        await Host.Tell("plugin install elus");
        await Assertions.Expect(menu.GetByRole(AriaRole.List, new() { Name = "Élus" }).GetByRole(AriaRole.Link, new() { Name = "Mandats" })).ToBeVisibleAsync();
        await Assertions.Expect(menu.GetByRole(AriaRole.List, new() { Name = "Tiers" }).GetByRole(AriaRole.Link, new() { Name = "Personnes" })).ToBeVisibleAsync();
        await Host.Tell("plugin remove elus");
        await Assertions.Expect(menu.GetByRole(AriaRole.Link, new() { Name = "Mandats" })).ToHaveCountAsync(0);
        (await Page.EvaluateAsync<bool>("window.stays")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_goes_away_is_told_and_found_again_and_what_changed_meanwhile_is_shown()
    {
        Expect("ERR_CONNECTION_REFUSED|WebSocket|net::ERR|Failed to fetch|fetching the script");
        var person = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync(person.Path);
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Zoé {person.Name}");
        await Task.Delay(500);
        await Host.GoAway();
        await Assertions.Expect(Page.GetByText("Le serveur ne répond pas.")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Zoé {person.Name}");
        await Host.ComeBack();
        await Assertions.Expect(Page.GetByText("Le serveur répond à nouveau.")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Task.Delay(3000);
        await person.Rename(Host, "Zita");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Zita {person.Name}", new() { Timeout = 30_000 });
    }
}
