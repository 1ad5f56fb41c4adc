using System.Globalization;
using System.Text;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Lists;

/// <summary>100,000 persons in a host of their own.</summary>
public sealed class LongListTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    private const int Persons = 100_000;

    protected override async Task<StaffHost> OwnHost()
    {
        var host = await StaffHost.Start();
        var lines = new StringBuilder("prenom;nom\n");
        for (var i = 0; i < Persons; i++)
            lines.Append(CultureInfo.InvariantCulture, $"Prénom{i % 97:00};Nom{i:000000}\n");
        var (file, map) = (Path.Combine(host.Data, "many.csv"), Path.Combine(host.Data, "many.json"));
        await File.WriteAllTextAsync(file, lines.ToString());
        await File.WriteAllTextAsync(map, """{ "fields": { "givenName": "prenom", "familyName": "nom" } }""");
        await host.Tell($"import csv {file} --type Person --map {map}");
        return host;
    }

    [Fact]
    public async Task A_hundred_thousand_rows_are_scrolled_through_and_walked_by_keys()
    {
        await SignIn();
        await Page.GotoAsync("/records/persons?where=familyName.starts:Nom0&order=familyName&columns=familyName,honorific,employers,contactPoints");
        await Assertions.Expect(Page.Locator(".count")).ToHaveTextAsync("100 000 personnes");
        await Assertions.Expect(Page.Locator("#row-0 th")).ToHaveTextAsync("Prénom00 Nom000000");
        await Page.Locator(".box").EvaluateAsync("box => box.scrollTop = box.scrollHeight / 2");
        await Assertions.Expect(Page.Locator("#row-50000 th")).ToHaveTextAsync("Prénom45 Nom050000");
        await Page.Locator(".box").EvaluateAsync("box => box.scrollTop = box.scrollHeight");
        await Assertions.Expect(Page.Locator("#row-99999 th")).ToHaveTextAsync("Prénom89 Nom099999");
        await Page.ShouldBeAccessible();
        var table = Page.GetByRole(AriaRole.Grid);
        await table.FocusAsync();
        await Page.Keyboard.PressAsync("Home");
        await Assertions.Expect(table).ToHaveAttributeAsync("aria-activedescendant", "row-0");
        await Page.Keyboard.PressAsync("End");
        await Assertions.Expect(table).ToHaveAttributeAsync("aria-activedescendant", "row-99999");
        await Page.Keyboard.PressAsync("PageUp");
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Nom0999");
        await Page.GoBackAsync();
        await Assertions.Expect(table).ToHaveAttributeAsync("aria-activedescendant", new System.Text.RegularExpressions.Regex("row-999"));
    }

    [Fact]
    public async Task A_long_export_tells_how_far_it_is_and_can_be_stopped()
    {
        await SignIn();
        await Page.GotoAsync("/records/persons?columns=familyName");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Exporter" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Télécharger" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Status)).ToContainTextAsync("500 sur");
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Annuler" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(Page.Locator("#row-0 th")).ToBeVisibleAsync();
    }
}
