using System.Text.Json.Nodes;
using Xrm.Staff.Tests.Browsing;

namespace Xrm.Staff.Tests.Lists;

/// <summary>Six persons and their employer, made for one test.</summary>
/// <param name="Name">What each family name begins with; nobody else has it.</param>
/// <param name="Employer">Where the first two worked: Ada until the end of 2020, Ben ever since 2019.</param>
internal sealed record Crew(string Name, string Employer)
{
    public static readonly string[] Given = ["Ada", "Ben", "Cleo", "Dan", "Élise", "Farid"];

    public string Path(string more = "") => $"/records/persons?where=familyName.starts:{Name}{more}";

    public static async Task<Crew> Make(StaffHost host)
    {
        var name = "Equipe" + Guid.NewGuid().ToString("N")[..8];
        string[] honorifics = ["MME", "M", "MME", "M", "", ""];
        var ids = new List<string>();
        for (var i = 0; i < Given.Length; i++)
        {
            var input = new JsonObject { ["givenName"] = Given[i], ["familyName"] = $"{name}-{(char)('z' - i)}", ["honorific"] = honorifics[i].Length > 0 ? honorifics[i] : null, ["notes"] = i == 2 ? "=1+1;\"x\"" : null };
            var made = await host.Ask("mutation($input: CreatePersonInput!) { createPerson(input: $input) { person { id } } }", new JsonObject { ["input"] = input });
            ids.Add(made["createPerson"]!["person"]!["id"]!.GetValue<string>());
        }
        var employer = "Atelier " + name;
        var firm = (await host.Ask("mutation($name: String) { createOrganisation(input: { preferredLabel: $name, classification: \"association\" }) { organisation { id } } }", new JsonObject { ["name"] = employer }))["createOrganisation"]!["organisation"]!["id"]!.GetValue<string>();
        foreach (var (person, until) in ((int, string?)[])[(0, "2021-01-01"), (1, null)])
            await host.Ask("mutation($source: ID!, $target: ID!, $until: Date) { createWorksFor(source: $source, target: $target, input: { validFrom: \"2019-01-01\", validTo: $until, position: \"Agent\" }) { commit { id } } }",
                new JsonObject { ["source"] = ids[person], ["target"] = firm, ["until"] = until });
        return new(name, employer);
    }
}
