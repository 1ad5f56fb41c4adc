using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;
using Xrm.Staff.Tests.Things;

namespace Xrm.Staff.Tests.Forms;

public sealed class DeleteTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task Whoever_thinks_again_in_time_keeps_the_record()
    {
        var somebody = await Delete();
        var undo = Page.GetByRole(AriaRole.Button, new() { Name = "Annuler la suppression" });
        await Assertions.Expect(undo).ToBeFocusedAsync();
        await Page.ShouldBeAccessible();
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Supprimer", Exact = true })).ToBeFocusedAsync();
        (await somebody.IsThere(Host)).ShouldBeTrue();
        await Page.GotoAsync("/");
        (await somebody.IsThere(Host)).ShouldBeTrue();
    }

    [Fact]
    public async Task When_the_time_to_think_is_over_it_is_gone()
    {
        var somebody = await Delete();
        (await somebody.IsThere(Host)).ShouldBeTrue();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Fermer" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Annuler la suppression" })).ToHaveCountAsync(0);
        (await somebody.IsThere(Host)).ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_leaves_the_app_has_decided()
    {
        var somebody = await Delete();
        await Page.GotoAsync("about:blank");
        for (var tries = 0; tries < 50 && await somebody.IsThere(Host); tries++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        (await somebody.IsThere(Host)).ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_is_at_the_notice_has_the_time_they_need()
    {
        await Page.Clock.InstallAsync();
        var somebody = await Delete();
        var notice = Page.Locator(".notice");
        await notice.HoverAsync();
        await Page.Clock.FastForwardAsync(60_000);
        await Assertions.Expect(notice).ToBeVisibleAsync();
        (await somebody.IsThere(Host)).ShouldBeTrue();
        await Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).HoverAsync();
        await Assertions.Expect(notice).ToHaveCountAsync(0);
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Personnes");
        (await somebody.IsThere(Host)).ShouldBeFalse();
    }

    [Fact]
    public async Task Focus_alone_holds_the_notice()
    {
        await Page.Clock.InstallAsync();
        var somebody = await Delete();
        var notice = Page.Locator(".notice");
        await notice.GetByRole(AriaRole.Button, new() { Name = "Fermer" }).FocusAsync();
        await Page.Clock.FastForwardAsync(60_000);
        await Assertions.Expect(notice).ToBeVisibleAsync();
        // From one of its buttons to the other it is nowhere for a moment.
        await notice.GetByRole(AriaRole.Button, new() { Name = "Annuler" }).FocusAsync();
        await Page.Clock.FastForwardAsync(60_000);
        await Assertions.Expect(notice).ToBeVisibleAsync();
        (await somebody.IsThere(Host)).ShouldBeTrue();
        await Page.Locator("#search").FocusAsync();
        await Assertions.Expect(notice).ToHaveCountAsync(0);
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Personnes");
        (await somebody.IsThere(Host)).ShouldBeFalse();
    }

    private async Task<Somebody> Delete()
    {
        var somebody = await Somebody.Make(Host);
        await SignIn();
        await somebody.Delete(Page);
        return somebody;
    }
}
