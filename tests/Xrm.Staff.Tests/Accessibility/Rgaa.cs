using System.Text.Json;
using Microsoft.Playwright;

namespace Xrm.Staff.Tests.Accessibility;

/// <summary>A criterion of RGAA 4.1.2 that a page does not meet.</summary>
internal sealed record Fault(string Criterion, string What, string Where)
{
    public override string ToString() => Where.Length == 0 ? $"{Criterion}: {What}" : $"{Criterion}: {What}: {Where}";
}

/// <summary>
/// The criteria of RGAA 4.1.2 that a machine can look at, besides what axe-core says: what stands in the document (<c>rgaa.js</c>),
/// and what shows only when the page is made narrow, its text is spaced, or its fields are walked through by keyboard.
/// </summary>
internal static class Rgaa
{
    private static readonly string Document = new StreamReader(typeof(Rgaa).Assembly.GetManifestResourceStream("rgaa.js")!).ReadToEnd();
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    // Only a text cut off by its own box is lost; one that scrolls in it is not.
    private const string Cut =
        """
        () => [...document.querySelectorAll("body *")].filter(e => e.checkVisibility({ visibilityProperty: true }) && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
          && e.clientWidth > 1 && e.clientHeight > 1 && !e.matches("select, option, textarea, input")
          && (["hidden", "clip"].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).textOverflow !== "ellipsis"
            || ["hidden", "clip"].includes(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight + 2)).map(e => e.outerHTML.slice(0, 160))
        """;

    private const string Spacing =
        "* { line-height: 1.5em !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }";

    /// <summary>All that can be looked at in the state that the page is in. The page is left as it was, focus apart.</summary>
    public static async Task ShouldFollowRgaa(this IPage page) => (await Faults(page)).ShouldBeEmpty($"{page.Url} does not follow RGAA.");

    public static async Task<IReadOnlyList<Fault>> Faults(IPage page)
    {
        var faults = (await page.EvaluateAsync<JsonElement>(Document)).Deserialize<List<Fault>>(Web)!;
        faults.AddRange(await Stillness(page));
        faults.AddRange(await Narrow(page));
        faults.AddRange(await Spaced(page));
        faults.AddRange(await Walk(page));
        return faults;
    }

    private static async Task<IEnumerable<Fault>> Narrow(IPage page)
    {
        var was = page.ViewportSize!;
        // 1280 pixels at 400 %; half the width is text at 200 %.
        await page.SetViewportSizeAsync(320, 640);
        var wide = await TooWide(page);
        await page.SetViewportSizeAsync(640, 400);
        var cut = await page.EvaluateAsync<string[]>(Cut);
        await page.SetViewportSizeAsync(was.Width, was.Height);
        return wide.Select(e => new Fault("10.11", "at 320 pixels one has to scroll sideways", e)).Concat(cut.Select(e => new Fault("10.4", "at 200 % text is cut off", e)));
    }

    private static Task<string[]> TooWide(IPage page) => page.EvaluateAsync<string[]>(
        """
        () => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1 ? []
          : [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 160))
        """);

    private static async Task<IEnumerable<Fault>> Spaced(IPage page)
    {
        var before = await page.EvaluateAsync<string[]>(Cut);
        // A sheet made by script is not the page's own, so that its content security policy has no say.
        await page.EvaluateAsync("css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }", Spacing);
        var cut = await page.EvaluateAsync<string[]>(Cut);
        await page.EvaluateAsync("() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); }");
        return cut.Except(before).Select(e => new Fault("10.12", "spaced text is cut off", e)).Concat(before.Select(e => new Fault("10.4", "text is cut off", e)));
    }

    private static async Task<IEnumerable<Fault>> Stillness(IPage page)
    {
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        var moving = await page.EvaluateAsync<string[]>(
            """
            () => [...new Set([...document.getAnimations().filter(a => a.playState === "running" && a.effect.getComputedTiming().duration > 10).map(a => a.effect.target),
              ...[...document.querySelectorAll("body *")].filter(e => getComputedStyle(e).transitionDuration.split(",").some(d => parseFloat(d) > 0.01))])].slice(0, 5).map(e => e.outerHTML.slice(0, 160))
            """);
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Null });
        return moving.Select(e => new Fault("13.8", "something moves although the visitor asked for stillness", e));
    }

    // From the start of the page by Tab: what has focus shows it, lies in the window, and lets go of it again.
    private static async Task<IEnumerable<Fault>> Walk(IPage page)
    {
        await page.EvaluateAsync("() => { window.rgaaSteps = []; document.activeElement?.blur?.(); window.scrollTo(0, 0); getSelection()?.removeAllRanges(); }");
        var faults = new List<Fault>();
        var before = "";
        for (var step = 0; step < 150; step++)
        {
            await page.Keyboard.PressAsync("Tab");
            var (state, html) = await Step(page);
            if (state == "left")
                break;
            if (state == "again" && html == before)
                faults.Add(new("12.9", "focus is caught", html));
            if (state is "again")
                break;
            if (state == "unseen")
                faults.Add(new("10.7", "focus is not to be seen", html));
            if (state == "outside")
                faults.Add(new("10.7", "what has focus lies outside of the window or under something", html));
            before = html;
        }
        await page.EvaluateAsync("() => { delete window.rgaaSteps; document.activeElement?.blur?.(); }");
        return faults;
    }

    private static async Task<(string State, string Html)> Step(IPage page)
    {
        var told = await page.EvaluateAsync<string[]>(
            """
            () => {
              const e = document.activeElement;
              if (!e || e === document.body || e === document.documentElement) return ["left", ""];
              const html = e.outerHTML.replace(/\s+/g, " ").slice(0, 160);
              // A group of buttons, or a date in its parts, has focus several times in a row.
              if (window.rgaaSteps.includes(e)) return [window.rgaaSteps.at(-1) === e && e.matches("input") ? "within" : "again", html];
              window.rgaaSteps.push(e);
              const looks = () => { const of = [e, e.parentElement, e.labels?.[0], e.nextElementSibling].filter(x => x);
                return of.map(x => { const s = getComputedStyle(x); return [s.outlineStyle === "none" || parseFloat(s.outlineWidth) === 0 ? "" : s.outline, s.boxShadow, s.borderColor, s.backgroundColor].join(); }).join("|"); };
              const box = e.getBoundingClientRect();
              const held = looks();
              e.blur();
              const free = looks();
              e.focus({ focusVisible: true, preventScroll: true });
              if (held === free) return ["unseen", html];
              if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return ["outside", html];
              return ["seen", html];
            }
            """);
        return (told[0], told[1]);
    }
}
