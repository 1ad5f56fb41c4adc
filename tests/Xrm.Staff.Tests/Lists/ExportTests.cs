using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Lists;

public sealed class ExportTests(SharedHost host, Chromium chromium) : InABrowser(host, chromium)
{
    [Fact]
    public async Task What_is_shown_is_downloaded_as_spreadsheets_in_french_open_it()
    {
        var crew = await Crew.Make(Host);
        await SignIn();
        await Page.GotoAsync(crew.Path("&columns=honorific,notes,employers&order=-givenName&at=2020-06-01"));
        await Page.GetByRole(AriaRole.Button, new() { Name = "Exporter" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Les 6 fiches de la liste");
        await Page.ShouldBeAccessible();
        var lines = await Download(Page, "Télécharger");
        lines.ShouldBe([
            "\uFEFFNom;Civilité;Observations;Employeurs",
            $"Farid {crew.Name}-u;;;",
            $"Élise {crew.Name}-v;;;",
            $"Dan {crew.Name}-w;Monsieur;;",
            $"Cleo {crew.Name}-x;Madame;\"'=1+1;\"\"x\"\"\";",
            $"Ben {crew.Name}-y;Monsieur;;{crew.Employer}",
            $"Ada {crew.Name}-z;Madame;;{crew.Employer}",
            ""]);
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task In_english_commas_stand_between()
    {
        var crew = await Crew.Make(Host);
        var english = await Visit("en-GB");
        await SignIn(english);
        await english.GotoAsync(crew.Path("&columns=honorific"));
        await Assertions.Expect(english.Locator(".count")).ToHaveTextAsync("6 persons");
        await english.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        (await Download(english, "Download"))[..2].ShouldBe(["\uFEFFName,Honorific", $"Farid {crew.Name}-u,"]);
    }

    private static async Task<string[]> Download(IPage page, string button)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync());
        download.SuggestedFilename.ShouldMatch(@"^persons-\d{4}-\d\d-\d\d\.csv$");
        using var bytes = new MemoryStream();
        await using (var file = await download.CreateReadStreamAsync())
            await file.CopyToAsync(bytes);
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray()).Split("\r\n");
    }
}
