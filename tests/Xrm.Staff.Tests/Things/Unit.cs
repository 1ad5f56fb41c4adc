using System.Text.Json.Nodes;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Things;

/// <summary>A unit of one organisation, and another organisation, made for one test.</summary>
internal sealed record Unit(string Id, string Name, string Link, string Before, string After)
{
    public string Path => $"/records/organisationalUnits/{Id}";

    public static async Task<Unit> Make(StaffHost host)
    {
        var (unit, link, before, after) = (Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString());
        var name = "Pôle " + unit[^8..];
        await Commit(host, Organisation(before, "Avant " + name), Organisation(after, "Après " + name),
            new JsonObject { ["create"] = new JsonObject { ["type"] = "OrganisationalUnit", ["id"] = unit, ["values"] = new JsonObject { ["preferredLabel"] = name, ["unitType"] = "service" } } },
            new JsonObject { ["relate"] = new JsonObject { ["type"] = "UnitOf", ["id"] = link, ["source"] = unit, ["target"] = before, ["validFrom"] = "2020-01-01" } });
        return new(unit, name, link, before, after);
    }

    /// <summary>Somebody else says since when it belongs to the first.</summary>
    public Task Redate(StaffHost host, string from) => Commit(host, new JsonObject { ["change"] = new JsonObject { ["type"] = "UnitOf", ["id"] = Link, ["expectedVersion"] = 1, ["values"] = new JsonObject { ["validFrom"] = from } } });

    /// <summary>The ids of the organisations that it belongs or belonged to, with from when and until when.</summary>
    public async Task<IEnumerable<(string Organisation, string? From, string? To)>> Links(StaffHost host) =>
        (await host.Ask("query($id: ID!) { organisationalUnit(id: $id) { organisationLinks(during: {}) { edges { validFrom validTo node { id } } } } }", new JsonObject { ["id"] = Id }))["organisationalUnit"]!["organisationLinks"]!["edges"]!.AsArray()
            .Select(l => (l!["node"]!["id"]!.GetValue<string>(), l["validFrom"]?.GetValue<string>(), l["validTo"]?.GetValue<string>()));

    private static async Task Commit(StaffHost host, params JsonNode[] edits) => await host.Ask("mutation($input: CommitInput!) { commit(input: $input) { commit { id } } }",
        new JsonObject { ["input"] = new JsonObject { ["id"] = Guid.CreateVersion7().ToString(), ["edits"] = new JsonArray(edits) } });

    private static JsonObject Organisation(string id, string name) => new()
    {
        ["create"] = new JsonObject { ["type"] = "Organisation", ["id"] = id, ["values"] = new JsonObject { ["preferredLabel"] = name, ["classification"] = "association" } },
    };
}
