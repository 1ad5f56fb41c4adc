using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Lists;

public sealed class ListTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task Filters_narrow_the_list_stand_there_in_words_and_are_taken_away()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync("/records/persons");
        await Button("Filtrer").ClickAsync();
        await Page.GetByLabel("Ce qu'il faut filtrer").SelectOptionAsync(new SelectOptionValue { Label = "Nom d'usage ou de famille" });
        await Page.GetByLabel("Comparaison").SelectOptionAsync(new SelectOptionValue { Label = "commence par" });
        await Button("Appliquer").ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Indiquez une valeur.");
        await Page.ShouldBeAccessible();
        await Page.GetByLabel("Valeur").FillAsync(crew.Name);
        await Button("Appliquer").ClickAsync();
        await Assertions.Expect(Page.Locator(".count")).ToHaveTextAsync("6 personnes");
        await Assertions.Expect(Chips).ToContainTextAsync([$"Nom d'usage ou de famille commence par « {crew.Name} »"]);
        await Button("Filtrer").ClickAsync();
        await Page.GetByLabel("Ce qu'il faut filtrer").SelectOptionAsync("honorific");
        await Page.GetByLabel("Comparaison").SelectOptionAsync(new SelectOptionValue { Label = "est l'un de" });
        await Page.GetByLabel("Monsieur").CheckAsync();
        await Page.ShouldBeAccessible();
        await Button("Appliquer").ClickAsync();
        await Assertions.Expect(Page.Locator(".count")).ToHaveTextAsync("2 personnes");
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
        await Page.GetByLabel("Combien de filtres doivent être vrais").SelectOptionAsync("any");
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex(@"\?any=familyName\.starts:"));
        await Page.GetByLabel("Combien de filtres doivent être vrais").SelectOptionAsync("all");
        await Button($"Retirer le filtre : Civilité est l'un de Monsieur").ClickAsync();
        await Assertions.Expect(Page.Locator(".count")).ToHaveTextAsync("6 personnes");
        await Page.GetByLabel("Chercher dans cette liste").FillAsync("nobodyiscalledso");
        await Assertions.Expect(Page.GetByText("Aucune fiche ne correspond.")).ToBeVisibleAsync();
        await Page.ShouldBeAccessible();
        await Button("Tout afficher").ClickAsync();
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("/records/persons$"));
        await Assertions.Expect(Page.GetByLabel("Chercher dans cette liste")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_relationship_is_asked_for_on_a_day_with_what_the_thing_beyond_must_be()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync(crew.Path());
        await Assertions.Expect(Page.Locator(".count")).ToHaveTextAsync("6 personnes");
        await Button("Filtrer").ClickAsync();
        await Page.GetByLabel("Ce qu'il faut filtrer").SelectOptionAsync(new SelectOptionValue { Label = "Employeurs" });
        await Page.GetByLabel("Vrai", new() { Exact = true }).SelectOptionAsync("day");
        await Page.GetByLabel("Date", new() { Exact = true }).FillAsync("2020-06-01");
        await Button("Ajouter une condition sur : Organisation").ClickAsync();
        var beyond = Page.GetByRole(AriaRole.Group, new() { Name = "Dont : Organisation" });
        await beyond.GetByLabel("Ce qu'il faut filtrer").SelectOptionAsync(new SelectOptionValue { Label = "Nom" });
        await beyond.GetByLabel("Valeur").FillAsync(crew.Employer);
        await Page.ShouldBeAccessible();
        await Button("Appliquer").ClickAsync();
        await Assertions.Expect(Names).ToHaveTextAsync([$"Ben {crew.Name}-y", $"Ada {crew.Name}-z"]);
        await Assertions.Expect(Chips.Last).ToContainTextAsync($"Employeurs : au moins un avec Nom contient « {crew.Employer} », le 01/06/2020");
        await Chips.Last.Locator(".words").ClickAsync();
        await Assertions.Expect(Page.GetByLabel("Date", new() { Exact = true })).ToHaveValueAsync("01/06/2020");
        await Page.GetByLabel("Vrai", new() { Exact = true }).SelectOptionAsync("");
        await Button("Appliquer").ClickAsync();
        await Assertions.Expect(Names).ToHaveTextAsync([$"Ben {crew.Name}-y"]);
        await Page.GetByLabel("Situation").SelectOptionAsync("day");
        await Page.GetByLabel("Date", new() { Exact = true }).FillAsync("1er juin 2020");
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Names).ToHaveCountAsync(2);
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("at=2020-06-01"));
        await Assertions.Expect(Row(0)).ToContainTextAsync(crew.Employer);
    }

    [Fact]
    public async Task Headings_sort_and_with_shift_add_to_the_order()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync(crew.Path("&columns=familyName,honorific"));
        await Assertions.Expect(Names.First).ToHaveTextAsync($"Farid {crew.Name}-u");
        await Assertions.Expect(Heading("Nom", exact: true)).ToHaveAttributeAsync("aria-sort", "ascending");
        await Heading("Nom d'usage ou de famille").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(Names.First).ToHaveTextAsync($"Ada {crew.Name}-z");
        await Assertions.Expect(Heading("Nom d'usage ou de famille")).ToHaveAttributeAsync("aria-sort", "descending");
        await Assertions.Expect(Page.Locator(".order")).ToHaveTextAsync("par Nom d'usage ou de famille (Z à A)");
        await Heading("Nom d'usage ou de famille").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(Names.First).ToHaveTextAsync($"Farid {crew.Name}-u");
        await Heading("Civilité").GetByRole(AriaRole.Button).ClickAsync();
        await Heading("Nom d'usage ou de famille").GetByRole(AriaRole.Button).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Assertions.Expect(Names).ToHaveTextAsync([$"Dan {crew.Name}-w", $"Ben {crew.Name}-y", $"Cleo {crew.Name}-x", $"Ada {crew.Name}-z", $"Farid {crew.Name}-u", $"Élise {crew.Name}-v"]);
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("order=honorific,familyName"));
        await Button("Trier").ClickAsync();
        await Page.ShouldBeAccessible();
        await Page.GetByLabel("Sens").Last.SelectOptionAsync("down");
        await Button("Appliquer").ClickAsync();
        await Assertions.Expect(Names.First).ToHaveTextAsync($"Ben {crew.Name}-y");
        await Assertions.Expect(Page.Locator(".order")).ToHaveTextAsync("par Civilité (croissant), puis Nom d'usage ou de famille (Z à A)");
    }

    [Fact]
    public async Task Columns_are_chosen_ordered_and_kept()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync(crew.Path());
        await Button("Colonnes").ClickAsync();
        await Page.ShouldBeAccessible();
        await Button("Retirer Civilité").ClickAsync();
        await Page.GetByLabel("Ajouter une colonne").SelectOptionAsync(new SelectOptionValue { Label = "Observations" });
        var up = Button("Monter Observations");
        for (var i = 0; i < 12 && await up.IsEnabledAsync(); i++)
            await up.ClickAsync();
        await Assertions.Expect(Button("Descendre Observations")).ToBeFocusedAsync();
        await Button("Appliquer").ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Columnheader).Nth(1)).ToHaveTextAsync("Observations");
        await Assertions.Expect(Heading("Civilité")).ToHaveCountAsync(0);
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("columns=notes,"));
        var address = Page.Url;
        await Page.GotoAsync("/records/persons");
        await Assertions.Expect(Page.GetByRole(AriaRole.Columnheader).Nth(1)).ToHaveTextAsync("Observations");
        // A link shows the same to somebody who chose nothing.
        var other = await Visit();
        await SignIn(other);
        await other.GotoAsync(address);
        await Assertions.Expect(other.GetByRole(AriaRole.Columnheader).Nth(1)).ToHaveTextAsync("Observations");
        await Assertions.Expect(other.Locator(".count")).ToHaveTextAsync("6 personnes");
    }

    [Fact]
    public async Task A_chosen_order_is_kept_until_the_lists_own_is_chosen_again()
    {
        await SignIn();
        await Page.GotoAsync("/records/persons");
        await Heading("Civilité").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("order=honorific"));
        await Page.GotoAsync("/");
        await Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Personnes", Exact = true }).ClickAsync();
        await Assertions.Expect(Page.Locator(".order")).ToHaveTextAsync("par Civilité (croissant)");
        await Heading("Nom", exact: true).GetByRole(AriaRole.Button).ClickAsync();
        await Page.GotoAsync("/records/persons");
        await Assertions.Expect(Page.Locator(".order")).Not.ToContainTextAsync("par Civilité (croissant)");
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("/records/persons$"));
    }

    [Fact]
    public async Task An_address_holds_the_view_going_back_leads_to_the_one_before_and_a_wrong_one_is_told()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync(crew.Path(";employers.some@2020-06-01(preferredLabel.contains:Atelier)&order=-givenName&columns=employers&at=2020-06-01"));
        await Assertions.Expect(Names).ToHaveTextAsync([$"Ben {crew.Name}-y", $"Ada {crew.Name}-z"]);
        await Button("Tout retirer").ClickAsync();
        await Assertions.Expect(Chips).ToHaveCountAsync(0);
        await Page.GoBackAsync();
        await Assertions.Expect(Chips).ToHaveCountAsync(2);
        await Assertions.Expect(Names).ToHaveCountAsync(2);
        await Page.GotoAsync(crew.Path(";familyName.sounds:x&order=shoeSize&columns=nothing&at=someday&board=notes"));
        var told = Page.Locator(".fault-box");
        await Assertions.Expect(told).ToContainTextAsync("familyName.sounds:x");
        await Assertions.Expect(told).ToContainTextAsync("shoeSize");
        await Assertions.Expect(told).ToContainTextAsync("someday");
        await Assertions.Expect(Page.Locator(".count")).ToHaveTextAsync("6 personnes");
        await Page.ShouldBeAccessible();
        await Button("Continuer sans").ClickAsync();
        await Assertions.Expect(told).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_table_is_walked_by_keys_and_going_back_finds_the_row_again()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync(crew.Path());
        var table = Page.GetByRole(AriaRole.Grid, new() { Name = "Personnes" });
        await Assertions.Expect(table).ToHaveAttributeAsync("aria-rowcount", "7");
        await table.FocusAsync();
        await Assertions.Expect(table).ToHaveAttributeAsync("aria-activedescendant", "row-0");
        await Page.Keyboard.PressAsync("ArrowDown");
        await Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(table).ToHaveAttributeAsync("aria-activedescendant", "row-2");
        await Page.Keyboard.PressAsync("End");
        await Assertions.Expect(table).ToHaveAttributeAsync("aria-activedescendant", "row-5");
        await Page.Keyboard.PressAsync("ArrowUp");
        await Page.ShouldBeAccessible();
        await Page.Keyboard.PressAsync("Enter");
        // By family name: Farid, Élise, Dan, Cleo, Ben, Ada.
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Ben {crew.Name}-y");
        await Page.GoBackAsync();
        await Assertions.Expect(table).ToHaveAttributeAsync("aria-activedescendant", "row-4");
        await Assertions.Expect(table).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_others_change_comes_into_the_list()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync(crew.Path());
        await Assertions.Expect(Page.Locator(".count")).ToHaveTextAsync("6 personnes");
        await Host.Ask($$"""mutation { createPerson(input: { givenName: "Aaron", familyName: "{{crew.Name}}-a" }) { person { id } } }""");
        await Assertions.Expect(Names.First).ToHaveTextAsync($"Aaron {crew.Name}-a");
        await Assertions.Expect(Page.Locator(".count")).ToContainTextAsync("7 personnes");
    }

    [Fact]
    public async Task Dated_things_are_shown_of_all_periods_or_as_at_a_day()
    {
        var crew = await Crew.Make(Host);
        var holder = (await Host.Ask($$"""{ persons(where: { familyName: { eq: "{{crew.Name}}-z" } }) { nodes { id } } }"""))["persons"]!["nodes"]![0]!["id"]!.GetValue<string>();
        var place = (await Host.Ask($$"""mutation { createConstituency(input: { constituencyType: COMMUNE, code: "{{crew.Name[^5..]}}", name: "Lieu {{crew.Name}}" }) { constituency { id } } }"""))["createConstituency"]!["constituency"]!["id"]!.GetValue<string>();
        foreach (var (from, to) in ((string, string?)[])[("2014-03-30", "2020-06-28"), ("2020-06-28", null)])
            await Host.Ask($$"""mutation { createMandate(input: { mandateType: "municipal", validFrom: "{{from}}", validTo: {{(to is null ? "null" : $"\"{to}\"")}}, holder: "{{holder}}", constituency: "{{place}}" }) { mandate { id } } }""");
        await SignIn();
        await Page.GotoAsync($"/records/mandates?where=holder.some(familyName.starts:{crew.Name})&order=validFrom");
        await Assertions.Expect(Page.Locator(".count")).ToHaveTextAsync("2 mandats");
        await Assertions.Expect(Row(0)).ToContainTextAsync("30/03/2014");
        await Assertions.Expect(Row(0)).ToContainTextAsync("27/06/2020");
        await Assertions.Expect(Row(0)).ToContainTextAsync($"Ada {crew.Name}-z");
        await Assertions.Expect(Row(0)).ToHaveClassAsync("past");
        await Page.GetByLabel("Situation").SelectOptionAsync("today");
        await Assertions.Expect(Page.Locator(".count")).ToHaveTextAsync("1 mandat");
        await Page.ShouldBeAccessible();
        await Page.GotoAsync($"/records/mandates?where=holder.some(familyName.starts:{crew.Name})&at=2001-01-01");
        await Assertions.Expect(Page.GetByText("Aucune fiche ne correspond.")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task On_a_phone_nothing_runs_off_the_side_and_all_controls_are_reached(ColorScheme scheme)
    {
        var crew = await Crew.Make(Host);
        var phone = await Visit(width: 390, scheme: scheme);
        await SignIn(phone);
        await phone.GotoAsync(crew.Path(";honorific.in:M,MME"));
        await Assertions.Expect(phone.Locator("#row-0 a").First).ToBeVisibleAsync();
        (await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();
        foreach (var name in (string[])["Filtrer", "Trier", "Colonnes", "Exporter"])
            await Assertions.Expect(phone.GetByRole(AriaRole.Button, new() { Name = name, Exact = true })).ToBeInViewportAsync();
        await phone.Locator(".box").EvaluateAsync("box => box.scrollLeft = 300");
        (await phone.Locator("#row-0 th").BoundingBoxAsync())!.X.ShouldBeInRange(0, 30);
        await phone.ShouldBeAccessible();
        await phone.GotoAsync(crew.Path("&board=honorific"));
        await Assertions.Expect(phone.GetByRole(AriaRole.Heading, new() { Name = "Madame" })).ToBeVisibleAsync();
        (await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();
        await phone.ShouldBeAccessible();
    }

    private ILocator Chips => Page.GetByRole(AriaRole.List, new() { Name = "Filtres" }).GetByRole(AriaRole.Listitem);

    private ILocator Names => Page.Locator("tbody th a");

    private ILocator Row(int index) => Page.Locator($"#row-{index}");

    private ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private ILocator Heading(string name, bool exact = false) => exact
        ? Page.GetByRole(AriaRole.Columnheader).Filter(new() { HasTextRegex = new Regex($"^{name}\\s*[▲▼]?$") })
        : Page.GetByRole(AriaRole.Columnheader).Filter(new() { HasText = name });
}
