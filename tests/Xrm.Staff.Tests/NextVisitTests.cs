using Xrm.Staff.Tests.Browsing;
using Xrm.Staff.Tests.Things;

namespace Xrm.Staff.Tests;

/// <summary>What the service worker kept of the program is what the next visit starts with.</summary>
public sealed class NextVisitTests(SharedHost shared, Chromium chromium) : InABrowser(shared, chromium)
{
    private const string FirstRow = "main .box tbody a";
    private const string Pack = "new URL('assemblies', document.baseURI)";

    /// <summary>Assemblies that were asked for one by one, by the page's own list.</summary>
    private const string AskedAlone = "() => performance.getEntriesByType('resource').map(f => f.name).filter(n => n.endsWith('.wasm') && !n.includes('/dotnet.native.')).length";

    [Fact]
    public async Task Assemblies_come_in_one_piece_the_next_time()
    {
        await Look();
        (await Page.EvaluateAsync<int>(AskedAlone)).ShouldBeGreaterThan(10);
        await Kept();
        await Again();
        (await Page.EvaluateAsync<int>(AskedAlone)).ShouldBe(0);
    }

    [Theory]
    [InlineData("[['http://elsewhere.example/Old.wasm', 3]]")]
    [InlineData("undefined")]
    public async Task What_was_kept_by_another_version_is_not_taken(string parts)
    {
        await Look();
        await Kept();
        await Page.EvaluateAsync(
            $$"""
            async () => {
              for (const name of await caches.keys())
                await (await caches.open(name)).put({{Pack}}, new Response('old', { headers: { 'X-Parts': JSON.stringify({{parts}}) ?? '?' } }));
            }
            """);
        await Again();
        (await Page.EvaluateAsync<int>(AskedAlone)).ShouldBeGreaterThan(10);
    }

    private async Task Look()
    {
        await Somebody.Make(Host);
        await SignIn();
        await Page.GotoAsync("/records/persons");
        await Page.Locator(FirstRow).First.WaitForAsync();
    }

    private async Task Kept() =>
        await Page.EvaluateAsync($"async () => {{ while (!await caches.match({Pack})) await new Promise(done => setTimeout(done, 50)); }}").WaitAsync(TimeSpan.FromSeconds(30));

    private async Task Again()
    {
        await Page.ReloadAsync();
        await Page.Locator(FirstRow).First.WaitForAsync();
    }
}
