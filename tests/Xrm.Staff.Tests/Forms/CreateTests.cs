using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;
using Xrm.Staff.Tests.Things;

namespace Xrm.Staff.Tests.Forms;

public sealed class CreateTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task What_is_wrong_stands_at_its_field_and_above_and_once_right_the_record_is_there()
    {
        await SignIn();
        await Page.GotoAsync("/records/persons/new");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Nouvelle fiche : Personne");
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
        await Page.GetByLabel("Prénom").FillAsync("Zoé");
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Date de décès" }).FillAsync("31/02/2020");
        await Create();
        var faults = Page.GetByRole(AriaRole.Group, new() { Name = "À corriger avant d'enregistrer" });
        await Assertions.Expect(faults).ToBeFocusedAsync();
        await Assertions.Expect(faults.GetByRole(AriaRole.Link)).ToHaveCountAsync(2);
        var name = Page.GetByLabel("Nom d'usage ou de famille");
        await Assertions.Expect(name).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(name).ToHaveAccessibleDescriptionAsync("Ce champ est obligatoire.");
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();

        await faults.GetByRole(AriaRole.Link, new() { NameRegex = new("Nom d'usage") }).ClickAsync();
        await Assertions.Expect(name).ToBeFocusedAsync();
        var family = "Création" + Guid.NewGuid().ToString("N")[..8];
        await name.FillAsync(family);
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Date de décès" }).FillAsync("1er mars 2020");
        await Create();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Zoé " + family);
        await Assertions.Expect(Page.GetByText("01/03/2020")).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByText("Fiche créée.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_related_record_is_made_from_where_one_stands_by_keyboard_alone()
    {
        var somebody = await Somebody.Make(Host);
        var commune = "Val-" + Guid.NewGuid().ToString("N")[..8];
        await Host.Ask("mutation($name: String, $code: String) { createConstituency(input: { constituencyType: COMMUNE, code: $code, name: $name }) { constituency { id } } }",
            new JsonObject { ["name"] = commune, ["code"] = Random.Shared.Next(10000, 95000).ToString(CultureInfo.InvariantCulture) });
        await SignIn();
        await Page.GotoAsync(somebody.Path.Replace("persons", "mandates").Replace(somebody.Id, "new?from=holder:" + somebody.Id));
        await Assertions.Expect(Page.GetByRole(AriaRole.Combobox, new() { Name = "Titulaire" })).ToHaveValueAsync("Zoé " + somebody.Name);
        await Page.GetByLabel("Type de mandat").FocusAsync();
        await Page.Keyboard.PressAsync("ArrowDown");
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Du", Exact = true }).FillAsync("18/05/2020");
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Au (dernier jour)", Exact = true }).FillAsync("31/12/2025");
        var picker = Page.GetByRole(AriaRole.Combobox, new() { Name = "Circonscription" });
        await picker.FocusAsync();
        await Page.Keyboard.TypeAsync(commune);
        await Assertions.Expect(Page.Locator("#field-constituency-list [role=option]")).ToHaveCountAsync(1);
        await Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(Page.Locator("#field-constituency-list [role=option]")).ToHaveAttributeAsync("aria-selected", "true");
        await Page.ShouldBeAccessible();
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(picker).ToHaveValueAsync(commune);
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.Locator("p.period")).ToHaveTextAsync("du 18/05/2020 au 31/12/2025 (terminé)");
        await Assertions.Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Zoé " + somebody.Name })).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Link, new() { Name = commune })).ToBeVisibleAsync();
    }

    private Task Create() => Page.GetByRole(AriaRole.Button, new() { Name = "Créer la fiche" }).ClickAsync();
}
