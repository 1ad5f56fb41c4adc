using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Forms;

/// <summary>A plugin with a field of each field type, and a state that moves.</summary>
public sealed class EveryFieldTypeTests(SharedHost shared, Chromium chromium) : InABrowser(shared, chromium)
{
    private static readonly (string Label, string Typed)[] Typed =
    [
        ("Objet (obligatoire)", "Rue des Tanneurs"), ("Compte rendu", "Première ligne\nSeconde ligne"), ("Nombre", "1 250"), ("Nombre pair", "12"), ("Longueur", "3,75"), ("Coût", "1234,5"),
        ("Fait le", "29.11.26"), ("Vu à", "29/11/2026 14h05"), ("Durée", "2h30"), ("Courriel", "zoe@Exemple.fr"), ("Téléphone", "03.24.00.00.00"), ("Page", "exemple.fr/rue"),
        ("Lieu", "49,7623 ; 4,7264"), ("Emprise", """{"type":"Point","coordinates":[4.7,49.7]}"""), ("Mesures", """{"a":[1,2]}"""), ("Plaque", "AB-123"),
    ];

    protected override async Task<StaffHost> OwnHost()
    {
        var host = await StaffHost.Start(("XRM_PLUGINS", "parties"));
        await host.Tell($"plugin install {Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "bundled"), "Survey.*.nupkg").Single()} --trust-once");
        return host;
    }

    [Fact]
    public async Task Each_is_asked_for_shown_and_moved_through_its_states()
    {
        await SignIn();
        await Page.GotoAsync("/records/surveys/new");
        foreach (var (label, typed) in Typed)
            await Field(label).FillAsync(typed);
        await Page.GetByLabel("Temps").SelectOptionAsync("Humide");
        await Page.GetByLabel("Sorte").SelectOptionAsync("Arbre");
        await Page.GetByLabel("Urgent").CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Ajouter une valeur : Passages" }).ClickAsync();
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Passages 1" }).FillAsync("1/2/2026");
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Créer la fiche" }).ClickAsync();

        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Rue des Tanneurs");
        var facts = Page.Locator("dl.facts").First;
        foreach (var shown in (string[])["1\u202F250", "3,75", "1\u202F234,50\u202F€", "29/11/2026", "29/11/2026 à 14:05", "2 h 30 min", "Humide", "Arbre", "Oui", "49,7623 ; 4,7264", "01/02/2026", "AB-123", "Ouvert"])
            await Assertions.Expect(facts).ToContainTextAsync(shown);
        await Assertions.Expect(facts.GetByRole(AriaRole.Link, new() { Name = "03 24 00 00 00" })).ToHaveAttributeAsync("href", "tel:+33324000000");
        await Assertions.Expect(facts.GetByRole(AriaRole.Link, new() { Name = "zoe@exemple.fr" })).ToHaveAttributeAsync("href", "mailto:zoe@exemple.fr");
        await Assertions.Expect(facts.GetByRole(AriaRole.Link, new() { Name = "exemple.fr/rue" })).ToHaveAttributeAsync("href", "https://exemple.fr/rue");
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Clore" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = "Clore" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Clore" }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Conclusion")).ToHaveAttributeAsync("aria-invalid", "true");
        await Page.ShouldBeAccessible();
        await dialog.GetByLabel("Conclusion").FillAsync("Réparé");
        await dialog.GetByLabel("Conclusion").PressAsync("Enter");
        await Assertions.Expect(facts).ToContainTextAsync("Clos");
        await Assertions.Expect(facts).ToContainTextAsync("Réparé");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Rouvrir" }).ClickAsync();
        await Assertions.Expect(facts).ToContainTextAsync("Ouvert");
    }

    [Fact]
    public async Task The_browser_tells_what_the_model_forbids_and_the_server_what_only_a_plugin_knows()
    {
        await SignIn();
        await Page.GotoAsync("/records/surveys/new");
        await Field("Objet (obligatoire)").FillAsync("Essai");
        await Field("Plaque").FillAsync("abc");
        await Field("Nombre").FillAsync("6000");
        await Field("Objet (obligatoire)").FocusAsync();
        await Assertions.Expect(Field("Plaque")).ToHaveAccessibleDescriptionAsync("Une plaque s'écrit AB-123.");
        await Assertions.Expect(Field("Nombre")).ToHaveAccessibleDescriptionAsync(new Regex("au plus 5.000."));
        await Field("Plaque").FillAsync("AB-123");
        await Field("Nombre").FillAsync("");
        await Field("Nombre pair").FillAsync("7");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Créer la fiche" }).ClickAsync();
        await Assertions.Expect(Field("Nombre pair")).ToHaveAccessibleDescriptionAsync("Le nombre doit être pair.");
        await Field("Nombre pair").FillAsync("8");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Créer la fiche" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Essai");
    }

    private ILocator Field(string label) => Page.GetByRole(AriaRole.Textbox, new() { Name = label, Exact = true });
}
