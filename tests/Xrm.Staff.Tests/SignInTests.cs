using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests;

public sealed class SignInTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task The_sign_in_page_is_accessible_to_all()
    {
        await Page.GotoAsync("/sign-in");
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
    }

    [Fact]
    public async Task The_sign_in_page_speaks_the_visitors_language()
    {
        await Page.GotoAsync("/sign-in");
        (await Page.TitleAsync()).ShouldContain("Connexion");
        var english = await Visit("en-GB");
        await english.GotoAsync("/sign-in");
        (await english.TitleAsync()).ShouldContain("Sign in");
        (await english.Locator("html").GetAttributeAsync("lang")).ShouldBe("en");
    }
}

/// <summary>The link of a first start is void once another is asked for: it is tried on a host that nobody else knows.</summary>
public sealed partial class FirstSignInTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    protected override Task<StaffHost> OwnHost() => StaffHost.Start();

    [Fact]
    public async Task The_printed_link_signs_in_once()
    {
        await Page.GotoAsync(Host.SignInLink.ToString());
        await Assertions.Expect(Page).ToHaveURLAsync(Home());
        (await Page.Context.CookiesAsync()).ShouldContain(c => c.HttpOnly && c.SameSite == SameSiteAttribute.Lax);
        Expect("403");
        var later = await Visit();
        (await later.GotoAsync(Host.SignInLink.ToString()))!.Status.ShouldBe(403);
        await later.ShouldBeAccessible();
        (await later.Context.CookiesAsync()).ShouldNotContain(c => c.Name == "xrm_session");
    }

    [GeneratedRegex(@"^http://127\.0\.0\.1:\d+/$")]
    private static partial Regex Home();
}
