using Microsoft.Playwright;
using Xrm.Staff.Tests.Browsing;
using Xrm.Staff.Tests.Things;

namespace Xrm.Staff.Tests.Lists;

/// <summary>What a list asked first the last time is asked while the runtime starts. One of these tests signs out, and so they bring their own host.</summary>
public sealed class EarlyQuestionsTests(SharedHost shared, Chromium chromium) : InABrowser(shared, chromium)
{
    protected override Task<StaffHost> OwnHost() => StaffHost.Start(("XRM_PLUGINS", "parties"));

    private const string Path = "/records/persons";
    private const string Kept = $"localStorage.getItem('xrm:first:{Path}')";
    private const string FirstRow = "main .box tbody a";

    [Fact]
    public async Task The_next_visit_asks_before_the_runtime_is_loaded_and_once()
    {
        await Page.AddInitScriptAsync($"const see = () => document.querySelector('{FirstRow}') ? window.seen = performance.now() : requestAnimationFrame(see); see();");
        await Look();
        await Page.WaitForFunctionAsync($"() => {Kept}");
        await Page.ReloadAsync();
        await Page.WaitForFunctionAsync("() => window.seen");
        var first = await Page.EvaluateAsync<Start>(
            """
            () => {
              const files = performance.getEntriesByType('resource'), of = end => files.filter(f => f.name.endsWith(end)).map(f => f.startTime);
              return { asked: of('/graphql').filter(at => at < window.seen), loaded: Math.min(...of('.wasm')) };
            }
            """);
        first.Asked.Length.ShouldBe(2);
        first.Asked.ShouldAllBe(at => at < first.Loaded);
    }

    [Fact]
    public async Task What_was_typed_is_not_kept_and_nothing_is_after_signing_out()
    {
        var somebody = await Look();
        await Page.GetByLabel("Chercher dans cette liste").FillAsync(somebody.Name);
        await Page.WaitForFunctionAsync($"() => {Kept}");
        var kept = await Page.EvaluateAsync<string>(Kept);
        kept.ShouldContain("query List");
        kept.ShouldNotContain(somebody.Name);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Se déconnecter" }).First.ClickAsync();
        await SignedOut();
        (await Page.EvaluateAsync<string?>(Kept)).ShouldBeNull();
    }

    private async Task<Somebody> Look()
    {
        var somebody = await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync(Path);
        await Page.Locator(FirstRow).First.WaitForAsync();
        return somebody;
    }

    private sealed class Start
    {
        public double[] Asked { get; set; } = [];
        public double Loaded { get; set; }
    }
}
