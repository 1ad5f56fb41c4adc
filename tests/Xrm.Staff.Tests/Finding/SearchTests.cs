using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;
using Xrm.Staff.Tests.Things;

namespace Xrm.Staff.Tests.Finding;

public sealed class SearchTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task A_slash_a_few_letters_and_enter_lead_to_a_page_without_the_mouse()
    {
        var person = await Somebody.Make(Host, "Éloïse");
        await SignIn();
        await Page.GotoAsync("/");
        await Assertions.Expect(Page.GetByRole(AriaRole.Combobox, new() { Name = "Rechercher", Exact = true })).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("/");
        await Page.Keyboard.TypeAsync($"eloise {person.Name.ToLowerInvariant()}");
        await Assertions.Expect(Page.GetByRole(AriaRole.Option, new() { Name = person.Name })).ToBeVisibleAsync();
        await Page.ShouldBeAccessible();
        await Page.Keyboard.PressAsync("ArrowDown");
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Éloïse {person.Name}");
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex(person.Path));
    }

    [Fact]
    public async Task What_was_looked_at_last_is_offered_before_anything_is_typed()
    {
        var person = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync(person.Path);
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Zoé {person.Name}");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Relations" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Consultées récemment" }).GetByRole(AriaRole.Link)).ToContainTextAsync([person.Name]);
        await Page.Keyboard.PressAsync("/");
        await Assertions.Expect(Page.GetByRole(AriaRole.Option, new() { Name = person.Name })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Enter_alone_shows_all_results_and_their_address_can_be_shared()
    {
        var person = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync("/");
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Rechercher", Exact = true }).FillAsync(person.Name);
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(person.Name);
        await Assertions.Expect(Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = person.Name })).ToBeVisibleAsync();
        var shared = await Visit();
        await SignIn(shared);
        await shared.GotoAsync(Page.Url);
        await Assertions.Expect(shared.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = person.Name })).ToBeVisibleAsync();
        await shared.ShouldBeAccessible();
        await shared.ShouldFollowRgaa();
    }

    [Fact]
    public async Task What_is_named_by_a_code_is_found_under_the_codes_label()
    {
        var number = Random.Shared.NextInt64(10_000_000_000_000, 99_999_999_999_999).ToString(CultureInfo.InvariantCulture);
        await Host.Ask("mutation($notation: String) { createIdentifier(input: { scheme: \"RNA_OLD\", notation: $notation }) { identifier { id } } }", new JsonObject { ["notation"] = number });
        await SignIn();
        await Page.GotoAsync("/");
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Rechercher", Exact = true }).FillAsync(number);
        await Assertions.Expect(Page.Locator("#search-results .found")).ToHaveTextAsync(["Ancien numéro d'association " + number]);
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Ancien numéro d'association " + number })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_search_can_be_kept_to_one_type_and_says_when_nothing_is_found()
    {
        var person = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync("/");
        await Page.GetByLabel("Rechercher dans").SelectOptionAsync("Organisation");
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Rechercher", Exact = true }).FillAsync(person.Name);
        await Assertions.Expect(Page.GetByText("Aucun résultat")).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Rien n'a été trouvé");
        await Page.GotoAsync($"/search?text={person.Name}&type=Person");
        await Page.GetByRole(AriaRole.Link, new() { Name = "chercher partout" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = person.Name })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task On_a_phone_the_header_is_one_row_and_the_menu_holds_the_rest()
    {
        var phone = await Visit(width: 390, height: 844);
        await SignIn(phone);
        await phone.GotoAsync("/records/persons");
        await Assertions.Expect(phone.GetByRole(AriaRole.Combobox, new() { Name = "Rechercher", Exact = true })).ToBeInViewportAsync();
        (await phone.Locator("header.top").BoundingBoxAsync())!.Height.ShouldBeLessThan(64);
        (await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();
        await Assertions.Expect(phone.GetByRole(AriaRole.Button, new() { Name = "Se déconnecter" })).ToHaveCountAsync(0);
        await phone.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Link, new() { Name = "Accueil" })).ToBeVisibleAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Button, new() { Name = "Se déconnecter" })).ToBeVisibleAsync();
        await phone.ShouldBeAccessible();
        await phone.ShouldFollowRgaa();
        await phone.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Link, new() { Name = "Home" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_app_speaks_english_where_it_is_wanted_and_remembers()
    {
        await SignIn();
        await Page.GotoAsync("/");
        await Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Persons" }).First).ToBeVisibleAsync();
        await Page.ReloadAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "All records" })).ToBeVisibleAsync();
        (await Page.Locator("html").GetAttributeAsync("lang")).ShouldBe("en");
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
    }
}
