using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Things;

/// <summary>A person made for one test.</summary>
/// <param name="Name">The family name, one that nobody else has.</param>
internal sealed record Somebody(string Id, string Name)
{
    public string Path => $"/records/persons/{Id}";

    public static async Task<Somebody> Make(StaffHost host, string given = "Zoé", string? id = null)
    {
        var name = "Essai" + Guid.NewGuid().ToString("N")[..8];
        var made = await host.Ask("mutation($id: ID, $given: String, $name: String) { createPerson(id: $id, input: { givenName: $given, familyName: $name }) { person { id } } }",
            new JsonObject { ["id"] = id, ["given"] = given, ["name"] = name });
        return new(made["createPerson"]!["person"]!["id"]!.GetValue<string>(), name);
    }

    public async Task Rename(StaffHost host, string given) => await host.Ask(
        "mutation($id: ID!, $given: String) { updatePerson(id: $id, set: { givenName: $given }, onConflict: OVERWRITE) { person { id } } }", new JsonObject { ["id"] = Id, ["given"] = given });

    public async Task<bool> IsThere(StaffHost host) =>
        (await host.Ask("query($id: ID!) { person(id: $id) { id } }", new JsonObject { ["id"] = Id }))["person"] is not null;

    /// <summary>Goes to the record and has it deleted; there is time to think then.</summary>
    public async Task Delete(IPage page)
    {
        await page.GotoAsync(Path);
        await page.GetByRole(AriaRole.Button, new() { Name = "Supprimer", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("va être supprimé.")).ToBeVisibleAsync();
    }
}
