using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Xrm.Benchmarks;

/// <summary>The staff app of a published host as somebody with a browser waits for it. <c>staff PROGRAM [persons]</c>.</summary>
internal static partial class StaffPages
{
    private const int Rounds = 5;
    private const string Search = "#search";
    private const string FirstRow = "main .box tbody a";
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    public static async Task<int> Run(string program, int persons)
    {
        await using var host = await ServedHost.Start(program);
        await host.Fill(persons);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
        var list = host.Address + "/records/persons";

        var (cold, again, apart, typed, scrolled) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        long bytes = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var link = LinkPath().Match(await host.Give("user link")).Value;
            await using var visitor = await browser.NewContextAsync(new() { Locale = "fr-FR" });
            // Signed in without a page, so that the next one is a first visit.
            await visitor.APIRequest.GetAsync(host.Address + link);
            await visitor.AddInitScriptAsync($"const see = () => document.querySelector('{FirstRow}') ? window.seen = performance.now() : requestAnimationFrame(see); see();");
            var page = await visitor.NewPageAsync();
            var sent = await Count(page);
            cold.Add(await Visit(page, list));
            bytes = sent();
            // What the first visit leaves to do, keeping files for the next, is done before the next.
            await page.EvaluateAsync("navigator.serviceWorker.ready");
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            again.Add(await Visit(page, list));
            // Another process of the browser, which has compiled nothing yet.
            var tab = await visitor.NewPageAsync();
            apart.Add(await Visit(tab, list));
            await tab.CloseAsync();
            typed.AddRange(await Type(page, persons));
            scrolled.Add(await Scroll(page, list));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first visit: {bytes / 1e6:0.00} MB over the wire"));
        Tell("first visit to a usable list", cold);
        Tell("next visit to a usable list", again);
        Tell("the same in another tab", apart);
        Tell("a keystroke to its results", typed);
        Tell($"longest frame while scrolling through {persons} rows", scrolled);
        return 0;
    }

    /// <summary>Counts what the network brings, as it came.</summary>
    private static async Task<Func<long>> Count(IPage page)
    {
        long bytes = 0;
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Network.enable");
        session.Event("Network.loadingFinished").OnEvent += (_, told) => bytes += (long)told!.Value.GetProperty("encodedDataLength").GetDouble();
        return () => bytes;
    }

    /// <summary>Types a name that one person has, a letter at a time; from each letter on, until what is offered belongs to it.</summary>
    private static async Task<List<double>> Type(IPage page, int persons)
    {
        var times = new List<double>();
        var name = $"nom{persons - 7}";
        await page.Locator(Search).FillAsync("");
        for (var letters = 3; letters <= name.Length; letters++)
            times.Add(await page.EvaluateAsync<double>(
                """
                text => new Promise(done => {
                  const input = document.querySelector('#search'), results = document.querySelector('#search-results');
                  const options = () => [...results.querySelectorAll('[role=option]')].map(o => o.textContent);
                  const start = performance.now();
                  const watch = new MutationObserver(() => { if (options().length && options().every(o => o.toLowerCase().includes(text))) { watch.disconnect(); requestAnimationFrame(() => done(performance.now() - start)); } });
                  watch.observe(results, { childList: true, subtree: true, characterData: true, attributes: true });
                  input.focus();
                  input.value = text;
                  input.dispatchEvent(new Event('input', { bubbles: true }));
                })
                """, name[..letters]).WaitAsync(TimeSpan.FromSeconds(20)));
        return times;
    }

    /// <summary>Scrolls slowly, then fast, then by leaps to the last row; the longest time between two frames.</summary>
    private static async Task<double> Scroll(IPage page, string list)
    {
        await page.GotoAsync(list);
        await page.Locator(FirstRow).First.WaitForAsync();
        return await page.EvaluateAsync<double>(
            """
            async () => {
              const box = document.querySelector('main .box'), pause = ms => new Promise(done => setTimeout(done, ms));
              let longest = 0, last = performance.now(), goes = true;
              requestAnimationFrame(function frame(now) { longest = Math.max(longest, now - last); last = now; if (goes) requestAnimationFrame(frame); });
              for (let i = 0; i < 60; i++) { box.scrollTop += 90; await pause(32); }
              for (let i = 0; i < 20; i++) { box.scrollTop += 900; await pause(60); }
              const end = box.scrollHeight - box.clientHeight;
              for (let i = 1; i <= 40; i++) { box.scrollTop = end * i / 40; await pause(32); }
              await pause(1000);
              goes = false;
              return longest;
            }
            """);
    }

    /// <summary>From navigation to the first frame that has a row, in milliseconds, by the page's own clock: whoever asks it from outside hears of it late.</summary>
    private static async Task<double> Visit(IPage page, string list)
    {
        await page.GotoAsync(list, new() { WaitUntil = WaitUntilState.Commit });
        return await (await page.WaitForFunctionAsync("() => window.seen")).JsonValueAsync<double>();
    }

    private static void Tell(string what, List<double> times)
    {
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: median {times[times.Count / 2]:0} ms, from {times[0]:0} to {times[^1]:0}"));
    }

    [GeneratedRegex(@"/sign-in\?code=\S+")]
    private static partial Regex LinkPath();
}
