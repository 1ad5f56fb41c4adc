using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Accessibility;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Forms;

/// <summary>Files in forms: chosen, dropped, sent, saved, and had back as they were.</summary>
public sealed class FileFieldTests(SharedHost shared, Chromium chromium) : InABrowser(shared, chromium)
{
    private const int Largest = 2_000_000;

    private static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, .. RandomNumberGenerator.GetBytes(1_234_500)];
    private static readonly byte[] Table = "rue;numéro\nTanneurs;12\n"u8.ToArray();

    protected override async Task<StaffHost> OwnHost()
    {
        var host = await StaffHost.Start(("XRM_PLUGINS", "parties"), ("XRM_LIMIT_FILE", $"{Largest}"));
        await host.Tell($"plugin install {Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "bundled"), "Survey.*.nupkg").Single()} --trust-once");
        await host.Ask("""mutation { addCustomField(input: { type: "Survey", name: "annexes", fieldType: "file", labelFr: "Annexes", labelEn: "Annexes", many: true }) { plan { hash } } }""");
        return host;
    }

    [Fact]
    public async Task A_chosen_file_is_sent_saved_and_comes_back_as_it_was()
    {
        await Begin();
        await Choose("Choisir un fichier : Photo", "Plan d'accès n° 3.pdf", "application/pdf", Pdf);
        await Assertions.Expect(Photo).ToContainTextAsync("Plan d'accès n° 3.pdf (PDF, 1,2\u00A0Mo)");
        await Assertions.Expect(Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "est envoyé. Enregistrez pour le garder." })).ToBeAttachedAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Ajouter une valeur : Annexes" }).ClickAsync();
        await Choose("Choisir un fichier : Annexes 1", "relevé.csv", "text/csv", Table);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Ajouter une valeur : Annexes" }).ClickAsync();
        await Choose("Choisir un fichier : Annexes 2", "plan.pdf", "application/pdf", Pdf);
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Remplacer : Annexes 2" })).ToBeVisibleAsync();
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
        await Save();

        var facts = Page.Locator("dl.facts").First;
        var link = facts.GetByRole(AriaRole.Link, new() { Name = "Plan d'accès n° 3.pdf (nouvel onglet)" });
        await Assertions.Expect(facts).ToContainTextAsync("relevé.csv (tableur, 24\u00A0octets)");
        (await Bytes(link)).AsSpan().SequenceEqual(Pdf).ShouldBeTrue();
        var download = await Page.RunAndWaitForDownloadAsync(() => facts.GetByRole(AriaRole.Link, new() { Name = "relevé.csv" }).ClickAsync());
        download.SuggestedFilename.ShouldBe("relevé.csv");
        (await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).ShouldBe(Table);
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();
    }

    [Fact]
    public async Task A_file_is_replaced_by_another_and_taken_away()
    {
        await Begin();
        await Choose("Choisir un fichier : Photo", "a.pdf", "application/pdf", Pdf);
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Remplacer : Photo" })).ToBeVisibleAsync();
        await Save();
        var old = await Page.GetByRole(AriaRole.Link, new() { Name = "a.pdf" }).GetAttributeAsync("href");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Modifier : Photo" }).ClickAsync();
        await Choose("Remplacer : Photo", "b.csv", "text/csv", Table);
        await Assertions.Expect(Page.Locator(".file-area")).ToContainTextAsync("b.csv (tableur, 24\u00A0octets)");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        (await Bytes(Page.GetByRole(AriaRole.Link, new() { Name = "b.csv" }))).ShouldBe(Table);
        (await Page.APIRequest.GetAsync(new Uri(Host.Address, old).ToString())).Status.ShouldBe(404);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Modifier : Photo" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Retirer : Photo" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Choisir un fichier : Photo" })).ToBeFocusedAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Link, new() { Name = "b.csv" })).ToHaveCountAsync(0);
        await Page.GetByText("Historique").ClickAsync();
        await Assertions.Expect(Page.Locator(".history")).ToContainTextAsync("a.pdf");
    }

    [Fact]
    public async Task What_is_on_its_way_is_told_can_be_stopped_by_key_and_is_not_saved_by_half()
    {
        await Begin();
        var held = new TaskCompletionSource();
        await Page.RouteAsync("**/files?name=*", async route =>
        {
            await held.Task;
            await route.AbortAsync();
        });
        Expect("net::ERR_FAILED|ERR_ABORTED");
        await Choose("Choisir un fichier : Photo", "long.pdf", "application/pdf", Pdf);
        await Assertions.Expect(Page.GetByRole(AriaRole.Progressbar, new() { Name = "Envoi de long.pdf" })).ToBeVisibleAsync();
        var cancel = Page.GetByRole(AriaRole.Button, new() { Name = "Annuler l'envoi : long.pdf" });
        await Assertions.Expect(cancel).ToBeFocusedAsync();
        await Page.ShouldBeAccessible();
        await Page.ShouldFollowRgaa();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Créer la fiche" }).ClickAsync();
        await Assertions.Expect(Photo.Locator(".fault")).ToHaveTextAsync("« long.pdf » n'est pas encore envoyé en entier.");
        await cancel.FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Choisir un fichier : Photo" })).ToBeFocusedAsync();
        await Assertions.Expect(Photo.Locator(".fault")).ToHaveCountAsync(0);
        held.SetResult();
        await Save();
        await Assertions.Expect(Page.GetByRole(AriaRole.Link, new() { Name = "long.pdf" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_too_large_is_told_before_it_is_sent_and_what_the_server_says_stands_at_the_field()
    {
        await Begin();
        var asked = 0;
        await Page.RouteAsync("**/files?name=*", async route =>
        {
            asked++;
            await route.ContinueAsync();
        });
        await Assertions.Expect(Photo).ToContainTextAsync("2\u00A0Mo au plus.");
        await Choose("Choisir un fichier : Photo", "film.mp4", "video/mp4", new byte[Largest + 1]);
        await Assertions.Expect(Photo.GetByRole(AriaRole.Alert)).ToContainTextAsync("« film.mp4 » fait 2\u00A0Mo ; 2\u00A0Mo au plus.");
        asked.ShouldBe(0);
        Expect("status of 400");
        await Choose("Choisir un fichier : Photo", new string('a', 300) + ".pdf", "application/pdf", Pdf);
        await Assertions.Expect(Photo.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Le nom du fichier a plus de 255 caractères.");
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Choisir un fichier : Photo" })).ToHaveAccessibleDescriptionAsync(new Regex("plus de 255"));
        await Page.ShouldBeAccessible();
        asked.ShouldBe(1);
        await Choose("Choisir un fichier : Photo", "petit.pdf", "application/pdf", Pdf);
        await Assertions.Expect(Photo).ToContainTextAsync("petit.pdf");
        await Assertions.Expect(Photo.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_dropped_file_is_taken_and_a_draft_keeps_it_through_a_reload()
    {
        await Begin();
        var dropped = await Page.EvaluateHandleAsync("() => { const data = new DataTransfer(); data.items.add(new File(['a;b'], 'déposé.csv', { type: 'text/csv' })); return data; }");
        await Photo.Locator(".file-area").DispatchEventAsync("dragover", new { dataTransfer = dropped });
        await Assertions.Expect(Photo.Locator(".file-area")).ToHaveAttributeAsync("data-over", "");
        await Photo.Locator(".file-area").DispatchEventAsync("drop", new { dataTransfer = dropped });
        await Assertions.Expect(Photo).ToContainTextAsync("déposé.csv (tableur, 3\u00A0octets)");
        await Page.ReloadAsync();
        await Assertions.Expect(Photo).ToContainTextAsync("déposé.csv (tableur, 3\u00A0octets)");
        await Save();
        (await Bytes(Page.GetByRole(AriaRole.Link, new() { Name = "déposé.csv" }))).ShouldBe("a;b"u8.ToArray());
    }

    [Fact]
    public async Task A_reload_while_a_file_is_on_its_way_says_that_it_has_to_be_chosen_again_on_a_phone_in_English_too()
    {
        var phone = await Visit("en-GB", width: 360, height: 740);
        await SignIn(phone);
        await phone.GotoAsync("/records/surveys/new");
        await phone.RouteAsync("**/files?name=*", _ => Task.CompletedTask);
        var chooser = await phone.RunAndWaitForFileChooserAsync(() => phone.GetByRole(AriaRole.Button, new() { Name = "Choose a file: Photo" }).ClickAsync());
        await chooser.SetFilesAsync(new FilePayload { Name = "minutes-of-the-meeting-of-the-council-of-the-29th-of-November.pdf", MimeType = "application/pdf", Buffer = Pdf });
        await Assertions.Expect(phone.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        (await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();
        phone.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await phone.ReloadAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Alert)).ToContainTextAsync("was interrupted. Choose the file again.");
        await Assertions.Expect(phone.GetByRole(AriaRole.Button, new() { Name = "Choose a file: Photo" })).ToBeVisibleAsync();
        await phone.ShouldBeAccessible();
        await phone.UnrouteAllAsync();
    }

    [Fact]
    public async Task A_row_that_is_removed_stops_no_other_rows_file()
    {
        await Begin();
        var held = new TaskCompletionSource();
        var add = Page.GetByRole(AriaRole.Button, new() { Name = "Ajouter une valeur : Annexes" });
        await add.ClickAsync();
        await Choose("Choisir un fichier : Annexes 1", "un.csv", "text/csv", Table);
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Remplacer : Annexes 1" })).ToBeVisibleAsync();
        await Page.RouteAsync("**/files?name=*", async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });
        await add.ClickAsync();
        await Choose("Choisir un fichier : Annexes 2", "deux.csv", "text/csv", Table);
        await Assertions.Expect(Page.GetByRole(AriaRole.Progressbar, new() { Name = "Envoi de deux.csv" })).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Retirer : Annexes, valeur 1" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Progressbar, new() { Name = "Envoi de deux.csv" })).ToBeVisibleAsync();
        held.SetResult();
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Remplacer : Annexes 1" })).ToBeVisibleAsync();
        await Save();
        (await Bytes(Page.GetByRole(AriaRole.Link, new() { Name = "deux.csv" }))).ShouldBe(Table);
        await Assertions.Expect(Page.GetByRole(AriaRole.Link, new() { Name = "un.csv" })).ToHaveCountAsync(0);
    }

    private ILocator Photo => Page.Locator(".field").Filter(new() { Has = Page.Locator("#field-photo") });

    private async Task Begin()
    {
        await SignIn();
        await Page.GotoAsync("/records/surveys/new");
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Objet (obligatoire)" }).FillAsync("Rue des Tanneurs");
    }

    private async Task Choose(string button, string name, string type, byte[] bytes)
    {
        var chooser = await Page.RunAndWaitForFileChooserAsync(() => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync());
        await chooser.SetFilesAsync(new FilePayload { Name = name, MimeType = type, Buffer = bytes });
    }

    private async Task Save()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Créer la fiche" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Rue des Tanneurs");
    }

    private async Task<byte[]> Bytes(ILocator link)
    {
        var answer = await Page.APIRequest.GetAsync(new Uri(Host.Address, await link.GetAttributeAsync("href")).ToString());
        answer.Status.ShouldBe(200);
        return await answer.BodyAsync();
    }
}
