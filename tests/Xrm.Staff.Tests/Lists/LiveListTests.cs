using Microsoft.Playwright;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Lists;

/// <summary>A list that is open shows what somebody else does, however long the way is on which it is told.</summary>
public sealed class LiveListTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task What_changed_before_changes_could_be_heard_of_is_shown_once_they_can()
    {
        var (crew, held) = await Open();
        // Longer than all that the page does by itself.
        await Task.Delay(3000);
        await Add(crew);
        held.LetGo();
        await Rows(7);
    }

    [Fact]
    public async Task What_changed_while_the_connection_was_lost_is_shown_when_it_is_back()
    {
        var (crew, held) = await Open();
        held.LetGo();
        await Add(crew);
        await Rows(7);
        await held.Break();
        await Add(crew);
        // The next connection is tried meanwhile, and waits.
        await Task.Delay(3000);
        held.LetGo();
        await Rows(8);
    }

    [Fact]
    public async Task That_the_connection_was_lost_is_no_news_of_the_list()
    {
        var (crew, held) = await Open();
        held.LetGo();
        await Add(crew);
        await Rows(7);
        await Assertions.Expect(News).ToBeVisibleAsync();
        await Assertions.Expect(News).ToHaveCountAsync(0, new() { Timeout = 20_000 });
        await held.Break();
        await Page.RunAndWaitForRequestAsync(() => { held.LetGo(); return Task.CompletedTask; }, r => r.PostData?.Contains("query List", StringComparison.Ordinal) == true);
        await Task.Delay(500);
        await Assertions.Expect(News).ToHaveCountAsync(0);
    }

    private ILocator News => Page.GetByText("la liste vient de changer");

    private async Task<(Crew Crew, HeldSocket Held)> Open()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        var held = await HeldSocket.Of(Page);
        await Page.GotoAsync(crew.Path());
        await Rows(6);
        // What is added before that is no news: it is read.
        await held.Asked;
        return (crew, held);
    }

    private Task Rows(int count) => Assertions.Expect(Page.GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(count, new() { Timeout = 10_000 });

    private async Task Add(Crew crew) => await Host.Ask($$"""mutation { createPerson(input: { givenName: "Nouvelle", familyName: "{{crew.Name}}-n" }) { person { id } } }""");
}
