using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Things;

public sealed class ThingTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task A_page_shows_fields_in_groups_relationships_with_their_periods_and_what_happened()
    {
        var person = await Employed();
        await SignIn();
        await Page.GotoAsync(person.Path);
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Zoé {person.Name}");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Identité" })).ToBeVisibleAsync();
        var employers = Page.GetByRole(AriaRole.Region, new() { Name = "Employeurs" });
        await Assertions.Expect(employers.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Assertions.Expect(employers.GetByRole(AriaRole.Listitem).First).ToContainTextAsync("depuis le 01/01/2022");
        await Assertions.Expect(employers.GetByRole(AriaRole.Listitem).Last).ToContainTextAsync("du 01/01/2018 au 31/12/2021, terminée");
        await person.Rename(Host, "Zoë");
        await Page.GetByText("Historique").ClickAsync();
        var history = Page.Locator("details.history");
        await Assertions.Expect(history.Locator("ins").First).ToHaveTextAsync("Zoë");
        await Assertions.Expect(history.Locator("del").First).ToHaveTextAsync("Zoé");
        await Assertions.Expect(history).ToContainTextAsync("a créé la fiche");
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
    }

    [Fact]
    public async Task A_day_shows_what_was_true_on_it_and_stands_in_the_address()
    {
        var person = await Employed();
        await SignIn();
        await Page.GotoAsync(person.Path);
        var employers = Page.GetByRole(AriaRole.Region, new() { Name = "Employeurs" });
        await Assertions.Expect(employers.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Page.GetByLabel("Relations le").FillAsync("1/6/2019");
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(employers.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await Assertions.Expect(employers).ToContainTextAsync("Ancienne");
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("at=2019-06-01"));
        await Page.GoBackAsync();
        await Assertions.Expect(employers.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Links_are_followed_in_place_and_focus_goes_to_the_new_heading()
    {
        var person = await Employed();
        await SignIn();
        await Page.GotoAsync(person.Path);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Nouvelle " + person.Name }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Nouvelle " + person.Name);
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Collaborateurs" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_relationship_is_ended_on_its_last_day_and_stays_greyed()
    {
        var person = await Employed();
        await SignIn();
        await Page.GotoAsync(person.Path);
        var employers = Page.GetByRole(AriaRole.Region, new() { Name = "Employeurs" });
        await employers.GetByRole(AriaRole.Button, new() { Name = $"Terminer : Nouvelle {person.Name}" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Au (dernier jour)" }).FillAsync("31/12/2024");
        await Page.ShouldBeAccessible();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Terminer", Exact = true }).ClickAsync();
        await Assertions.Expect(employers).ToContainTextAsync("du 01/01/2022 au 31/12/2024, terminée");
        var links = (await Host.Ask("query($id: ID!) { person(id: $id) { employers(during: {}) { edges { validFrom validTo } } } }", new JsonObject { ["id"] = person.Id }))["person"]!["employers"]!["edges"]!.AsArray();
        links.ShouldContain(l => l!["validFrom"]!.GetValue<string>() == "2022-01-01" && l["validTo"]!.GetValue<string>() == "2025-01-01");
    }

    [Fact]
    public async Task A_relationship_is_made_by_searching_changed_and_taken_away()
    {
        var person = await Employed();
        var other = await Somebody.Make(Host, "Paul");
        await SignIn();
        await Page.GotoAsync(other.Path);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Relier : Employeurs" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Relier", Exact = true }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("Choisissez la fiche à relier.")).ToBeVisibleAsync();
        await Page.ShouldBeAccessible();
        await dialog.GetByRole(AriaRole.Combobox).FillAsync("Nouvelle " + person.Name);
        await dialog.GetByRole(AriaRole.Option, new() { Name = "Nouvelle " + person.Name }).ClickAsync();
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Du", Exact = true }).FillAsync("1/2/2023");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Relier", Exact = true }).ClickAsync();
        var employers = Page.GetByRole(AriaRole.Region, new() { Name = "Employeurs" });
        await Assertions.Expect(employers).ToContainTextAsync("depuis le 01/02/2023");

        await employers.GetByRole(AriaRole.Button, new() { Name = $"Modifier : Nouvelle {person.Name}" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Poste" }).FillAsync("Secrétaire");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Assertions.Expect(employers).ToContainTextAsync("Secrétaire");

        await employers.GetByRole(AriaRole.Button, new() { Name = $"Retirer : Nouvelle {person.Name}" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Retirer", Exact = true }).ClickAsync();
        await Assertions.Expect(employers).ToHaveCountAsync(0);
        (await Host.Ask("query($id: ID!) { person(id: $id) { employers(during: {}) { totalCount } } }", new JsonObject { ["id"] = other.Id }))["person"]!["employers"]!["totalCount"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_day_that_is_none_is_told_and_the_page_stays()
    {
        var person = await Employed();
        await SignIn();
        await Page.GotoAsync(person.Path);
        var day = Page.GetByLabel("Relations le");
        await day.FillAsync("31/02/2020");
        await Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(day).ToHaveAccessibleDescriptionAsync(new Regex("n'est pas une date"));
        await Page.ShouldBeAccessible();
        await day.FillAsync("");
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(day).Not.ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(Page).Not.ToHaveURLAsync(new Regex("at="));
    }

    [Fact]
    public async Task What_stands_at_an_end_for_one_is_changed_in_one_go()
    {
        var unit = await Unit.Make(Host);
        var name = unit.Name;
        await SignIn();
        await Page.GotoAsync(unit.Path);
        var of = Page.Locator("#end-organisation").Locator("xpath=ancestor::section");
        await of.GetByRole(AriaRole.Button, new() { NameRegex = new("^Changer") }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync($"À la place de « Avant {name} »");
        await Page.ShouldBeAccessible();
        await dialog.GetByRole(AriaRole.Combobox).FillAsync("Après " + name);
        await dialog.GetByRole(AriaRole.Option, new() { Name = "Après " + name }).ClickAsync();
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Du", Exact = true }).FillAsync("1/3/2024");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Changer", Exact = true }).ClickAsync();
        await Assertions.Expect(of).ToContainTextAsync("du 01/01/2020 au 29/02/2024, terminée");
        await Assertions.Expect(of).ToContainTextAsync("depuis le 01/03/2024");
        (await unit.Links(Host)).ShouldBe([(unit.Before, "2020-01-01", "2024-03-01"), (unit.After, "2024-03-01", null)], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_not_there_says_so()
    {
        await SignIn();
        await Page.GotoAsync("/records/persons/01912345-0000-7000-8000-000000000000");
        await Assertions.Expect(Page.GetByRole(AriaRole.Main)).ToContainTextAsync("n'existe pas, ou vous n'y avez pas accès");
        await Page.GotoAsync("/records/unicorns/01912345-0000-7000-8000-000000000000");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Rien ici");
        await Page.ShouldBeAccessible();
    }

    [Fact]
    public async Task On_a_phone_a_page_needs_no_sideways_scrolling_and_the_menu_opens()
    {
        var person = await Employed();
        var phone = await Visit(width: 390, height: 844, scheme: ColorScheme.Dark);
        await SignIn(phone);
        await phone.GotoAsync(person.Path);
        await Assertions.Expect(phone.GetByRole(AriaRole.Region, new() { Name = "Employeurs" })).ToBeVisibleAsync();
        (await phone.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(390);
        await phone.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Link, new() { Name = "Organisations" })).ToBeVisibleAsync();
        await phone.ShouldBeAccessible();
    }

    /// <summary>Somebody who worked for one organisation and works for another.</summary>
    private async Task<Somebody> Employed()
    {
        var person = await Somebody.Make(Host);
        var (old, now) = (Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString());
        await Host.Ask("mutation($input: CommitInput!) { commit(input: $input) { commit { id } } }", new JsonObject
        {
            ["input"] = new JsonObject
            {
                ["id"] = Guid.CreateVersion7().ToString(),
                ["edits"] = new JsonArray(Organisation(old, "Ancienne " + person.Name), Organisation(now, "Nouvelle " + person.Name),
                    Employment(person.Id, old, "2018-01-01", "2022-01-01"), Employment(person.Id, now, "2022-01-01", null)),
            },
        });
        return person;
    }

    private static JsonObject Organisation(string id, string name) => new()
    {
        ["create"] = new JsonObject { ["type"] = "Organisation", ["id"] = id, ["values"] = new JsonObject { ["preferredLabel"] = name, ["classification"] = "association" } },
    };

    private static JsonObject Employment(string person, string organisation, string from, string? to) => new()
    {
        ["relate"] = new JsonObject { ["type"] = "WorksFor", ["source"] = person, ["target"] = organisation, ["validFrom"] = from, ["validTo"] = to },
    };
}
