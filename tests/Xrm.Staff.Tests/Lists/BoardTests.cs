using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Lists;

public sealed class BoardTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task A_thing_is_moved_by_keyboard_alone_and_back_by_undo()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync(crew.Path());
        await Page.GetByLabel("Présentation", new() { Exact = true }).SelectOptionAsync("honorific");
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("board=honorific"));
        await Assertions.Expect(Lane("Madame").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Assertions.Expect(Lane("Sans valeur").GetByRole(AriaRole.Heading)).ToHaveTextAsync("Sans valeur 2");
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
        await Page.GetByRole(AriaRole.Button, new() { Name = $"Déplacer Ada {crew.Name}-z" }).FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Page.ShouldBeAccessible();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Monsieur" }).FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Lane("Monsieur").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        await Assertions.Expect(Lane("Madame").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await Assertions.Expect(Page.GetByRole(AriaRole.Link, new() { Name = $"Ada {crew.Name}-z" })).ToBeFocusedAsync();
        (await Honorific(crew, "z")).ShouldBe("M");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Annuler" }).ClickAsync();
        await Assertions.Expect(Lane("Madame").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        (await Honorific(crew, "z")).ShouldBe("MME");
    }

    [Fact]
    public async Task A_thing_is_dragged_to_another_column()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync(crew.Path("&board=honorific"));
        await Lane("Sans valeur").GetByRole(AriaRole.Listitem).First.DragToAsync(Lane("Monsieur"));
        await Assertions.Expect(Lane("Monsieur").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        await Assertions.Expect(Lane("Sans valeur").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        (await Honorific(crew, "u")).ShouldBe("M");
    }

    [Fact]
    public async Task A_thing_that_somebody_else_changed_meanwhile_is_not_overwritten()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync(crew.Path("&board=honorific"));
        var open = Page.GetByRole(AriaRole.Button, new() { Name = $"Déplacer Ada {crew.Name}-z" });
        await open.ClickAsync();
        await Host.Ask($$"""mutation { commit(input: { id: "{{Guid.NewGuid()}}", onConflict: OVERWRITE, edits: [{ update: { type: "Person", id: "{{await Id(crew, "z")}}", values: { honorific: null } } }] }) { commit { id } } }""");
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Monsieur" }).ClickAsync();
        await Assertions.Expect(Page.GetByText("Quelqu'un d'autre vient de modifier cette fiche.")).ToBeVisibleAsync();
        (await Honorific(crew, "z")).ShouldBeNull();
        await Assertions.Expect(Lane("Sans valeur").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task A_column_is_unfolded_page_by_page()
    {
        var crew = await CrewOf(25);
        await Unfold(7);
        await Assertions.Expect(Lane("Madame").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(27);
        await Add(crew, 1);
        await Assertions.Expect(Lane("Madame").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(28);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_column_is_unfolded_though_the_board_is_brought_anew_meanwhile(bool isFirst)
    {
        var crew = await CrewOf(25);
        var held = await HeldQuestions.Of(Page);
        if (isFirst)
            await Unfold(7);
        else
            await Add(crew, 1);
        await held.One();
        if (isFirst)
            await Add(crew, 1);
        else
            await Unfold(7);
        await held.One();
        held.LetGo();
        await Assertions.Expect(Lane("Madame").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(28);
    }

    [Fact]
    public async Task What_was_moved_has_the_focus_though_the_board_is_brought_anew_meanwhile()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync(crew.Path("&board=honorific"));
        await Page.GetByRole(AriaRole.Button, new() { Name = $"Déplacer Ada {crew.Name}-z" }).FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        // Longer than until the page is told of its own change and asks for the board once more.
        await Page.RouteAsync("**/graphql", async route =>
        {
            if (route.Request.PostData?.Contains("query Counts", StringComparison.Ordinal) == true)
                await Task.Delay(2000);
            await route.ContinueAsync();
        });
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Monsieur" }).FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Lane("Monsieur").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3, new() { Timeout = 15_000 });
        await Assertions.Expect(Page.GetByRole(AriaRole.Link, new() { Name = $"Ada {crew.Name}-z" })).ToBeFocusedAsync();
    }

    private async Task<Crew> CrewOf(int count)
    {
        var crew = await Crew.Make(Host);
        await Add(crew, count);
        await SignIn();
        await Page.GotoAsync(crew.Path("&board=honorific"));
        await Assertions.Expect(Lane("Madame").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(20);
        return crew;
    }

    private async Task Add(Crew crew, int count)
    {
        for (var i = 0; i < count; i++)
            await Host.Ask($$"""mutation { createPerson(input: { givenName: "N{{i:00}}", familyName: "{{crew.Name}}-n", honorific: MME }) { person { id } } }""");
    }

    private Task Unfold(int rest) => Page.GetByRole(AriaRole.Button, new() { Name = $"Afficher la suite ({rest}) · Madame" }).ClickAsync();

    private ILocator Lane(string name) => Page.Locator(".lane").Filter(new() { Has = Page.GetByRole(AriaRole.Heading, new() { Name = name }) });

    private async Task<string?> Honorific(Crew crew, string end) =>
        (await Host.Ask($$"""{ persons(where: { familyName: { eq: "{{crew.Name}}-{{end}}" } }) { nodes { honorific } } }"""))["persons"]!["nodes"]![0]!["honorific"]?.GetValue<string>();

    private async Task<string> Id(Crew crew, string end) =>
        (await Host.Ask($$"""{ persons(where: { familyName: { eq: "{{crew.Name}}-{{end}}" } }) { nodes { id } } }"""))["persons"]!["nodes"]![0]!["id"]!.GetValue<string>();
}
