using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests;

/// <summary>The people of the demonstration, each as they come in by the sign-in page: what somebody may not do is not there.</summary>
public sealed class RolesTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task A_reader_finds_and_reads_and_is_offered_no_change()
    {
        await Enter(Page, "reader");
        await Page.GotoAsync("/records/mandates?columns=holder,body");
        await Page.Locator("tbody th a").First.WaitForAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Nouvelle fiche" })).ToHaveCountAsync(0);
        await Page.GotoAsync("/records/mandates?board=mandateType");
        await Page.Locator(".lane li a").First.WaitForAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Déplacer") })).ToHaveCountAsync(0);
        await Assertions.Expect(Page.Locator("[draggable=true]")).ToHaveCountAsync(0);
        await Page.ShouldBeAccessible();
        await Page.GotoAsync("/records/persons?search=Maëlle%20Brossard");
        await Page.Locator("tbody th a").First.ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Maëlle Brossard");
        foreach (var button in (string[])["Modifier", "Supprimer", "Relier", "Terminer", "Retirer", "Changer", "Créer"])
            await Assertions.Expect(Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { NameRegex = new("^" + button) }).Or(Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { NameRegex = new("^" + button) }))).ToHaveCountAsync(0);
        await Page.ShouldBeAccessible();
    }

    [Fact]
    public async Task A_clerk_does_the_task_of_the_sign_in_page_in_english()
    {
        var page = await Visit("en-GB");
        await Enter(page, "clerk");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("maelle brossar");
        await page.Locator("#search-results [role=option]").First.WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Maëlle Brossard");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await page.GetByRole(AriaRole.Button, new() { Name = "End: Cyclo-club d'Aubreval" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "To (last day)" }).FillAsync("31 October 2026");
        await page.ShouldBeAccessible();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "End", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("li.past").Filter(new() { HasText = "Cyclo-club d'Aubreval" })).ToContainTextAsync("to 31 Oct 2026, ended");
        await page.GotoAsync("/records/persons?columns=birthName,createdAt");
        await page.Locator("tbody th a").First.WaitForAsync();
        await Assertions.Expect(page.Locator(".count")).ToContainTextAsync("persons");
        await page.ShouldBeAccessible();
        await page.ShouldFollowRgaa();
    }

    private static async Task Enter(IPage page, string who)
    {
        await page.GotoAsync("/sign-in");
        await page.Locator($"button[value={who}]").ClickAsync();
        await page.Locator("#search").WaitForAsync();
    }
}
