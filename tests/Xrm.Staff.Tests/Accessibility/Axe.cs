using System.Text;
using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Xrm.Staff.Tests.Accessibility;

/// <summary>What axe-core finds on a page.</summary>
internal static class Axe
{
    private const string Options =
        """{ "runOnly": { "type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }, "rules": { "target-size": { "enabled": true } }, "resultTypes": ["violations"] }""";

    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>Nothing against WCAG 2.2 A and AA, nor against axe's best practices, in the state that the page is in.</summary>
    public static async Task ShouldBeAccessible(this IPage page) => (await Violations(page)).ShouldBeEmpty($"{page.Url} is not accessible to all.");

    public static async Task<string[]> Violations(IPage page)
    {
        await page.EvaluateAsync($"() => {{ if (!window.axe) {{ {Script} }} }}");
        var found = await page.EvaluateAsync<JsonElement>($"async () => (await axe.run(document, {Options})).violations");
        return Tell(found);
    }

    // One entry for each element, so that a failure can be worked off as it stands.
    private static string[] Tell(JsonElement violations) =>
        [.. from violation in violations.EnumerateArray()
            from node in violation.GetProperty("nodes").EnumerateArray()
            select new StringBuilder()
                .Append(Text(violation, "id")).Append(" (").Append(Text(violation, "impact")).Append("): ").AppendLine(Text(violation, "help"))
                .Append("    ").AppendLine(Text(node, "html"))
                .Append("    ").AppendLine(Text(node, "failureSummary").Replace("\n", "\n    "))
                .ToString()];

    private static string Text(JsonElement of, string name) => of.GetProperty(name).ToString();
}
