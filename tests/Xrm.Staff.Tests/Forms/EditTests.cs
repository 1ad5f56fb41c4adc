using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;
using Xrm.Staff.Tests.Things;

namespace Xrm.Staff.Tests.Forms;

public sealed class EditTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task One_field_is_changed_where_it_stands_by_keyboard_alone()
    {
        var somebody = await Open();
        var pencil = Page.GetByRole(AriaRole.Button, new() { Name = "Modifier : Prénom" });
        await pencil.FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        var field = Page.GetByRole(AriaRole.Textbox, new() { Name = "Prénom" });
        await Assertions.Expect(field).ToBeFocusedAsync();
        await Page.ShouldBeAccessible();
        await Page.Keyboard.PressAsync("Control+A");
        await Page.Keyboard.TypeAsync("Perdu");
        await Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(pencil).ToBeFocusedAsync();
        await Assertions.Expect(Heading).ToHaveTextAsync("Zoé " + somebody.Name);

        await Page.Keyboard.PressAsync("Enter");
        await Page.Keyboard.PressAsync("Control+A");
        await Page.Keyboard.TypeAsync("Chloé");
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Heading).ToHaveTextAsync("Chloé " + somebody.Name);
        await Assertions.Expect(pencil).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Several_values_are_added_and_taken_away_by_keyboard()
    {
        await Open(edit: true);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Ajouter une valeur : Autre nom" }).FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Textbox, new() { Name = "Autre nom 1" })).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync("Un");
        await Page.Keyboard.PressAsync("Tab");
        await Page.Keyboard.PressAsync("Tab");
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Textbox, new() { Name = "Autre nom 2" })).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync("Deux");
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Retirer : Autre nom, valeur 1" }).PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Textbox, new() { Name = "Autre nom 1" })).ToHaveValueAsync("Deux");
        await Save();
        await Assertions.Expect(Page.GetByText("Modifications enregistrées.")).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByText("Deux", new() { Exact = true }).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_stands_at_an_end_for_one_is_changed_in_the_form_and_found_again_after_a_reload()
    {
        var unit = await Unit.Make(Host);
        await SignIn();
        await Page.GotoAsync(unit.Path + "?edit=1");
        var organisation = Page.Locator("#field-organisation");
        await Assertions.Expect(organisation).ToHaveValueAsync("Avant " + unit.Name);
        await organisation.FillAsync("Après " + unit.Name);
        await Page.GetByRole(AriaRole.Option, new() { Name = "Après " + unit.Name }).ClickAsync();
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
        Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await Page.ReloadAsync();
        await Assertions.Expect(organisation).ToHaveValueAsync("Après " + unit.Name);
        await Save();
        await Assertions.Expect(Page.GetByText("Modifications enregistrées.")).ToBeVisibleAsync();
        var today = await Page.EvaluateAsync<string>("new Date().toLocaleDateString('sv')");
        (await unit.Links(Host)).ShouldBe([(unit.Before, "2020-01-01", today), (unit.After, today, null)], ignoreOrder: true);
    }

    [Fact]
    public async Task What_somebody_else_changed_at_an_end_is_told_at_its_field_and_not_overwritten()
    {
        var unit = await Unit.Make(Host);
        await SignIn();
        await Page.GotoAsync(unit.Path + "?edit=1");
        var organisation = Page.Locator("#field-organisation");
        await organisation.FillAsync("Après " + unit.Name);
        await Page.GetByRole(AriaRole.Option, new() { Name = "Après " + unit.Name }).ClickAsync();
        await unit.Redate(Host, "2021-01-01");
        await Save();
        await Assertions.Expect(Page.Locator("#field-organisation-fault")).ToHaveTextAsync($"Quelqu'un d'autre vient de changer cette relation. Vous aviez choisi « Après {unit.Name} ».");
        await Assertions.Expect(organisation).ToHaveValueAsync("Avant " + unit.Name);
        (await unit.Links(Host)).ShouldBe([(unit.Before, "2021-01-01", null)]);
        await organisation.FillAsync("Après " + unit.Name);
        await Page.GetByRole(AriaRole.Option, new() { Name = "Après " + unit.Name }).ClickAsync();
        await Save();
        await Assertions.Expect(Page.GetByText("Modifications enregistrées.")).ToBeVisibleAsync();
        (await unit.Links(Host)).Count().ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_leaves_with_something_typed_is_asked_first()
    {
        var somebody = await Open(edit: true);
        await Page.GetByLabel("Prénom").FillAsync("Autrement");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Accueil" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = "Quitter sans enregistrer ?" });
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await Page.ShouldBeAccessible();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Rester" }).ClickAsync();
        await Assertions.Expect(Page.GetByLabel("Prénom")).ToHaveValueAsync("Autrement");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Accueil" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Quitter sans enregistrer" }).ClickAsync();
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex(@":\d+/$"));
        await Page.GotoAsync(somebody.Path + "?edit=1");
        await Assertions.Expect(Page.GetByLabel("Prénom")).ToHaveValueAsync("Zoé");
    }

    [Fact]
    public async Task What_was_typed_is_found_again_after_a_reload()
    {
        await Open(edit: true);
        await Page.GetByLabel("Prénom").FillAsync("Bientôt");
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Date de décès" }).FillAsync("pas une date");
        Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await Page.ReloadAsync();
        await Assertions.Expect(Page.GetByText("Votre saisie non enregistrée a été retrouvée.")).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByLabel("Prénom")).ToHaveValueAsync("Bientôt");
        await Assertions.Expect(Page.GetByRole(AriaRole.Textbox, new() { Name = "Date de décès" })).ToHaveValueAsync("pas une date");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Repartir de la fiche enregistrée" }).ClickAsync();
        await Assertions.Expect(Page.GetByLabel("Prénom")).ToHaveValueAsync("Zoé");
    }

    [Fact]
    public async Task A_form_is_worked_on_a_phone_in_the_dark()
    {
        var phone = await Visit(width: 390, height: 800, scheme: ColorScheme.Dark);
        await SignIn(phone);
        await phone.GotoAsync("/records/mandates/new");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Créer la fiche" }).ClickAsync();
        await Assertions.Expect(phone.Locator("#faults")).ToBeFocusedAsync();
        await phone.ShouldBeAccessible();
        await phone.ShouldFollowRgaa();
    }

    private ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    private async Task<Somebody> Open(bool edit = false)
    {
        var somebody = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync(somebody.Path + (edit ? "?edit=1" : ""));
        await Assertions.Expect(Heading).ToHaveTextAsync("Zoé " + somebody.Name);
        return somebody;
    }

    private Task Save() => Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
}
