using System.Text.Json.Nodes;

namespace Xrm.Host.Tests;

/// <summary>The real registers through a serving host; where the files are not there, the invented one of the other tests has to do.</summary>
public sealed class RealRegisterTests : IDisposable
{
    private const string MayorsThen = """
        query($commune: String!, $at: Date) {
          electiveFunctions(at: $at, where: { functionType: { eq: "mayor" },
              mandate: { constituency: { constituencyType: { eq: COMMUNE }, code: { eq: $commune } } } }) {
            nodes { validFrom validTo mandate { holder { familyName givenName } } } } }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Who_was_mayor_then_who_is_now_and_since_when()
    {
        if (Places.Real("rne-maires/maires_2019-10-03.txt") is not { } first || Places.Real("rne-maires/rne-maires-2022.csv") is not { } second)
            return;
        await using var host = await ServingHost.Start(_folder.Path);
        await host.SignIn();

        (await Command.Run(_folder.Path, $"import rne {first} --json")).ShouldBeDone().Json["rows"]!.GetValue<int>().ShouldBe(34906);
        (await Command.Run(_folder.Path, $"import rne {second} --json")).ShouldBeDone().Json["rows"]!.GetValue<int>().ShouldBe(34921);

        (await Mayors(host, "08001", "2019-11-01")).ShouldBe(["AFRIBO Joseph 2014-03-23..2020-05-28"]);
        (await Mayors(host, "08001", "2021-01-01")).ShouldBe(["DÉSIRONT Gérard 2020-05-28.."]);
        (await Mayors(host, "13055", "2019-11-01")).ShouldBe(["GAUDIN Jean-Claude 2014-04-04..2020-10-21"]);
        (await Mayors(host, "13055", "2021-01-01")).ShouldBe(["PAYAN Benoît 2020-10-21.."]);
        (await Mayors(host, "35238", "2021-01-01")).ShouldBe(["APPÉRÉ Nathalie 2020-07-03.."]);
        (await Mayors(host, "35238", null)).Length.ShouldBe(2);
        (await Command.Run(_folder.Path, $"import rne {second} --json")).ShouldBeDone().Json["commit"].ShouldBeNull();
        (await Command.Run(_folder.Path, "check")).ShouldBeDone();
    }

    private static async Task<string[]> Mayors(ServingHost host, string commune, string? at)
    {
        var variables = new JsonObject { ["commune"] = commune };
        if (at is not null)
            variables["at"] = at;
        var answer = await host.Ask(MayorsThen, variables);
        answer["errors"].ShouldBeNull();
        return [.. answer["data"]!["electiveFunctions"]!["nodes"]!.AsArray().Select(n =>
            $"{n!["mandate"]!["holder"]!["familyName"]} {n["mandate"]!["holder"]!["givenName"]} {n["validFrom"]}..{n["validTo"]}")];
    }
}
