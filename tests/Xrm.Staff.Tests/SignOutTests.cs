using Microsoft.Playwright;
using Xrm.Staff.Tests.Browsing;
using Xrm.Staff.Tests.Things;

namespace Xrm.Staff.Tests;

/// <summary>Whoever signs out ends the session of all who share it: so these tests bring their own host.</summary>
public sealed class SignOutTests(SharedHost shared, Chromium chromium) : InABrowser(shared, chromium)
{
    private ILocator SignOut => Page.GetByRole(AriaRole.Button, new() { Name = "Se déconnecter" }).First;

    protected override Task<StaffHost> OwnHost() => StaffHost.Start(("XRM_PLUGINS", "parties"));

    [Fact]
    public async Task Nothing_is_asked_behind_the_end_of_a_session()
    {
        var somebody = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync("/records/persons");
        await Page.Locator("main .box tbody a").First.WaitForAsync();
        var told = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Page.RouteAsync("**/sign-in", async route =>
        {
            if (route.Request.Method == "POST")
                told.SetResult(route);
            else
                await route.ContinueAsync();
        });
        await SignOut.ClickAsync();
        var ending = await told.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var asked = 0;
        Page.Request += (_, request) => asked += request.Url.EndsWith("/graphql", StringComparison.Ordinal) ? 1 : 0;
        await Page.GetByLabel("Chercher dans cette liste").FillAsync(somebody.Name);
        await Page.WaitForTimeoutAsync(1000);
        asked.ShouldBe(0);
        await ending.ContinueAsync();
        await SignedOut();
    }

    [Fact]
    public async Task What_was_to_be_deleted_is()
    {
        var somebody = await Delete();
        await SignOut.ClickAsync();
        await SignedOut();
        (await somebody.IsThere(Host)).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_the_server_refuses_it_that_is_told_before_the_session_ends()
    {
        var somebody = await Delete();
        await somebody.Rename(Host, "Zoë");
        await SignOut.ClickAsync();
        await Assertions.Expect(Page.GetByText("n'est pas supprimé.")).ToBeVisibleAsync();
        (await somebody.IsThere(Host)).ShouldBeTrue();
        await SignOut.ClickAsync();
        await SignedOut();
    }

    [Fact]
    public async Task Where_the_server_cannot_be_told_the_session_and_the_page_go_on()
    {
        var somebody = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync(somebody.Path);
        await Page.RouteAsync("**/sign-in", route => route.AbortAsync());
        Expect("net::ERR_FAILED");
        await SignOut.ClickAsync();
        await Page.Locator("#search").FillAsync(somebody.Name);
        await Assertions.Expect(Page.Locator("#search-results [role=option]")).ToHaveCountAsync(1);
        await Page.UnrouteAsync("**/sign-in");
        await SignOut.ClickAsync();
        await SignedOut();
    }

    private async Task<Somebody> Delete()
    {
        var somebody = await Somebody.Make(Host);
        await SignIn();
        await somebody.Delete(Page);
        return somebody;
    }
}
