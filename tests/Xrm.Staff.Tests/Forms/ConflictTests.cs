using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;
using Xrm.Staff.Tests.Things;

namespace Xrm.Staff.Tests.Forms;

/// <summary>Two people with the same thing open.</summary>
public sealed class ConflictTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task When_both_changed_the_same_field_whoever_saves_last_chooses()
    {
        var (somebody, mine, theirs) = await Both();
        await mine.GetByLabel("Prénom").FillAsync("Mienne");
        await mine.GetByLabel("Observations").FillAsync("Une note");
        await theirs.GetByLabel("Prénom").FillAsync("Leur");
        await Save(theirs);
        await Assertions.Expect(theirs.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Leur " + somebody.Name);
        await Assertions.Expect(mine.GetByText("Quelqu'un d'autre vient de modifier un champ que vous modifiez aussi.")).ToBeVisibleAsync();
        await Save(mine);
        var dialog = mine.GetByRole(AriaRole.Dialog, new() { Name = "Quelqu'un d'autre a modifié cette fiche" });
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        var given = dialog.GetByRole(AriaRole.Group, new() { Name = "Prénom" });
        await Assertions.Expect(given).ToContainTextAsync("Avant : Zoé");
        await Assertions.Expect(given).ToContainTextAsync("Leur valeur : Leur");
        await Assertions.Expect(given).ToContainTextAsync("La mienne : Mienne");
        // Only I wrote a note: that is settled. Of the name nobody decides but me.
        await Assertions.Expect(dialog.GetByRole(AriaRole.Group, new() { Name = "Observations" }).GetByLabel("La mienne")).ToBeCheckedAsync();
        await Assertions.Expect(given.GetByLabel("La mienne")).Not.ToBeCheckedAsync();
        await mine.ShouldBeAccessible();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Enregistrer ces choix" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("Choisissez une valeur pour chaque champ.")).ToBeVisibleAsync();
        await given.GetByLabel("La mienne").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Enregistrer ces choix" }).ClickAsync();
        await Assertions.Expect(mine.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Mienne " + somebody.Name);
        await Assertions.Expect(mine.GetByText("Une note")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Changes_of_different_fields_stay_both_without_a_question()
    {
        var (somebody, mine, theirs) = await Both();
        await mine.GetByLabel("Observations").FillAsync("De moi");
        await theirs.GetByLabel("Prénom").FillAsync("Deux");
        await Save(theirs);
        await Assertions.Expect(mine.GetByLabel("Prénom")).ToHaveValueAsync("Deux");
        await Assertions.Expect(mine.GetByLabel("Observations")).ToHaveValueAsync("De moi");
        await Save(mine);
        await Assertions.Expect(mine.GetByText("Modifications enregistrées.")).ToBeVisibleAsync();
        await Assertions.Expect(mine.GetByText("De moi")).ToBeVisibleAsync();
        await Assertions.Expect(mine.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Deux " + somebody.Name);
    }

    [Fact]
    public async Task A_field_changed_in_place_that_somebody_else_changed_meanwhile_is_chosen_too()
    {
        var somebody = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync(somebody.Path);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Modifier : Prénom" }).ClickAsync();
        await Page.Locator("#edit-givenName").FillAsync("Mienne");
        await somebody.Rename(Host, "Leur");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Leur " + somebody.Name);
        await Save(Page);
        var given = Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Group, new() { Name = "Prénom" });
        await Assertions.Expect(given).ToContainTextAsync("Avant : Zoé");
        await Assertions.Expect(given).ToContainTextAsync("Leur valeur : Leur");
        await Page.ShouldBeAccessible();
        await given.GetByLabel("La mienne").CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer ces choix" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Mienne " + somebody.Name);
    }

    [Fact]
    public async Task A_relationship_that_somebody_else_changed_meanwhile_is_not_changed_for_another()
    {
        Expect("status of 4");
        var unit = await Unit.Make(Host);
        await SignIn();
        await Page.GotoAsync(unit.Path);
        await Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Changer") }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Combobox).FillAsync("Après " + unit.Name);
        await dialog.GetByRole(AriaRole.Option, new() { Name = "Après " + unit.Name }).ClickAsync();
        await unit.Redate(Host, "2021-01-01");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Changer", Exact = true }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Quelqu'un d'autre vient de modifier cette relation.");
        await Page.ShouldBeAccessible();
        (await unit.Links(Host)).ShouldBe([(unit.Before, "2021-01-01", null)]);
    }

    private async Task<(Somebody, IPage Mine, IPage Theirs)> Both()
    {
        var somebody = await Somebody.Make(Host);
        var theirs = await Visit();
        foreach (var page in (IPage[])[Page, theirs])
        {
            await SignIn(page);
            await page.GotoAsync(somebody.Path + "?edit=1");
            await Assertions.Expect(page.GetByLabel("Prénom")).ToHaveValueAsync("Zoé");
        }
        return (somebody, Page, theirs);
    }

    private static Task Save(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer", Exact = true }).ClickAsync();
}
