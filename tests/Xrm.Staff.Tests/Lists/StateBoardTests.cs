using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Lists;

/// <summary>A board by a state, whose things go only where a move leads.</summary>
public sealed class StateBoardTests(SharedHost shared, Chromium chromium) : InABrowser(shared, chromium)
{
    protected override async Task<StaffHost> OwnHost()
    {
        var host = await StaffHost.Start(("XRM_PLUGINS", "parties"));
        await host.Tell($"plugin install {Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "bundled"), "Survey.*.nupkg").Single()} --trust-once");
        return host;
    }

    [Fact]
    public async Task Only_moves_are_offered_and_one_that_asks_something_asks_it_on_the_board()
    {
        var done = (await Host.Ask("""mutation { createSurvey(input: { subject: "Rue du Port", outcome: "Réparé", number: 1200 }) { survey { id } } }"""))["createSurvey"]!["survey"]!["id"]!.GetValue<string>();
        await Host.Ask("""mutation { createSurvey(input: { subject: "Place du Marché" }) { survey { id } } }""");
        await Host.Ask($$"""mutation { closeSurvey(id: "{{done}}", onConflict: OVERWRITE) { survey { stage } } }""");
        await SignIn();
        await Page.GotoAsync("/records/surveys?board=stage&columns=number");
        await Assertions.Expect(Lane("Clos").GetByRole(AriaRole.Listitem)).ToContainTextAsync("1\u202F200");
        await Page.ShouldBeAccessible();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Déplacer Rue du Port" }).ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Rouvrir" }).ClickAsync();
        await Assertions.Expect(Lane("Ouvert").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Lane("Ouvert").GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Place du Marché" }).DragToAsync(Lane("Clos"));
        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = "Clore" });
        await Page.ShouldBeAccessible();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Annuler" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(Lane("Ouvert").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Déplacer Place du Marché" }).ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Clore" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Clore" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Textbox, new() { Name = "Conclusion" })).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync("Fait");
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Lane("Clos").GetByRole(AriaRole.Listitem)).ToContainTextAsync("Place du Marché");
        await Assertions.Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Place du Marché" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_a_move_needs_is_asked_anew_each_time()
    {
        await Host.Ask("""mutation { createSurvey(input: { subject: "Quai Neuf" }) { survey { id } } }""");
        await SignIn();
        await Page.GotoAsync("/records/surveys?board=stage&columns=number");
        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = "Clore" });
        var outcome = dialog.GetByRole(AriaRole.Textbox, new() { Name = "Conclusion" });
        await Lane("Ouvert").GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Quai Neuf" }).DragToAsync(Lane("Clos"));
        await outcome.FillAsync("Brouillon");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Annuler" }).ClickAsync();
        await Lane("Ouvert").GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Quai Neuf" }).DragToAsync(Lane("Clos"));
        await Assertions.Expect(outcome).ToHaveValueAsync("");
        await outcome.FillAsync("Vu");
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Lane("Clos").GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Quai Neuf" })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_a_move_needs_is_asked_though_the_board_is_brought_anew_meanwhile()
    {
        await Host.Ask("""mutation { createSurvey(input: { subject: "Pont Vieux" }) { survey { id } } }""");
        await SignIn();
        await Page.GotoAsync("/records/surveys?board=stage&columns=number");
        var card = Lane("Ouvert").GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Pont Vieux" });
        await card.WaitForAsync();
        var held = await HeldQuestions.Of(Page);
        await card.DragToAsync(Lane("Clos"));
        await held.One();
        await Host.Ask("""mutation { createSurvey(input: { subject: "Pont Neuf" }) { survey { id } } }""");
        await held.One();
        held.LetGo();
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog, new() { Name = "Clore" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Fields_of_each_kind_are_filtered_and_sorted()
    {
        await Host.Ask("""mutation { createSurvey(input: { subject: "Court", number: 3, cost: "12.50", on: "2026-01-05", urgent: true, kind: "tree" }) { survey { id } } }""");
        await Host.Ask("""mutation { createSurvey(input: { subject: "Long", number: 4000, cost: "1234.5", on: "2026-03-05", urgent: false, kind: "road" }) { survey { id } } }""");
        await SignIn();
        foreach (var (where, expected, words) in ((string, string, string)[])[
            ("number.gte:1000", "Long", "Nombre est au moins 1\u202F000"), ("cost.lt:100", "Court", "Coût est moins de 100,00\u202F€"), ("on.lte:2026-01-31", "Court", "Fait le jusqu'au 31/01/2026"),
            ("urgent.yes", "Court", "Urgent est oui"), ("urgent.no", "Long", "Urgent est non"), ("kind.in:road", "Long", "Sorte est l'un de Voirie"), ("kind.not:road", "Court", "Sorte n'est pas Voirie")])
        {
            await Page.GotoAsync($"/records/surveys?where={where}&columns=number,cost,on,urgent,kind");
            await Assertions.Expect(Page.Locator("tbody th a")).ToHaveTextAsync([expected]);
            await Assertions.Expect(Page.GetByRole(AriaRole.List, new() { Name = "Filtres" })).ToContainTextAsync(words);
        }
        await Page.GotoAsync("/records/surveys?order=-cost&columns=number,cost,on,urgent,kind");
        await Assertions.Expect(Page.Locator("tbody th a")).ToHaveTextAsync(["Long", "Court"]);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Filtrer" }).ClickAsync();
        await Page.GetByLabel("Ce qu'il faut filtrer").SelectOptionAsync("cost");
        await Page.GetByLabel("Comparaison").SelectOptionAsync(new SelectOptionValue { Label = "est plus de" });
        await Page.GetByLabel("Valeur").FillAsync("beaucoup");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Appliquer" }).ClickAsync();
        await Assertions.Expect(Page.GetByLabel("Valeur")).ToHaveAttributeAsync("aria-invalid", "true");
        await Page.GetByLabel("Valeur").FillAsync("1 000,50");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Appliquer" }).ClickAsync();
        await Assertions.Expect(Page.Locator("tbody th a")).ToHaveTextAsync(["Long"]);
    }

    private ILocator Lane(string name) => Page.Locator(".lane").Filter(new() { Has = Page.GetByRole(AriaRole.Heading, new() { Name = name }) });
}
