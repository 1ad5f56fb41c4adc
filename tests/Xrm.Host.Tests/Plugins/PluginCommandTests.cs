using System.Text.Json.Nodes;

namespace Xrm.Host.Tests.Plugins;

/// <summary><c>xrm plugin …</c>, given beside a host that serves the data folder and without one.</summary>
public sealed class PluginCommandTests : IAsyncDisposable
{
    private const string First = "00000001-0000-4000-8000-000000000000";
    private const string Late = "00000002-0000-4000-8000-000000000000";
    private const string Boat = "00000003-0000-4000-8000-000000000000";

    private static readonly string One = Packages.Fixture("LedgerOne");
    private static readonly string Two = Packages.Fixture("LedgerTwo");

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _files = new();
    private ServingHost? _host;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _folder.Dispose();
        _files.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_package_is_planned_trusted_and_installed_just_as_planned(bool serves)
    {
        await Open(serves);

        var read = (await Give($"plugin plan {One}")).ShouldBeDone().Out;
        read.ShouldStartWith("Install ledger 1.0.0  Ledger\n");
        read.ShouldContain("nobody vouches for it");
        read.ShouldContain("field Entry.amountText  Amount in words");
        read.ShouldContain("Asks to write\n  + Entry");
        var plan = (await Give($"plugin plan {One} --json")).ShouldBeDone().Json;
        plan["lines"]!.AsArray().Select(l => $"{l!["kind"]} {l["part"]} {l["name"]}").ShouldBe(["added entityType Entry", "added field Entry.subject", "added field Entry.amountText"], ignoreOrder: true);
        plan["refusals"]!.AsArray().Select(r => r!["rule"]!.GetValue<string>()).ShouldBe(["trust"]);
        read.ShouldContain($"xrm plugin install … --trust-once --plan {plan["hash"]}");
        (await Refused($"plugin install {One}")).ShouldContain("xrm plugin trust add");
        (await States()).ShouldBe(["elus available", "hello available", "parties running"]);

        (await Give($"plugin trust add {One} --note \"our own\"")).ShouldBeDone();
        (await Give("plugin trust list")).ShouldBeDone().Out.ShouldContain($"{plan["sha256"]}  package  our own");
        (await Give($"plugin plan {One} --json")).ShouldBeDone().Json["trustedBy"]!.GetValue<string>().ShouldBe("hash");
        (await Refused($"plugin install {One} --plan {new string('0', 64)}")).ShouldContain("plan again");
        var done = (await Give($"plugin install {One} --plan {plan["hash"]} --json")).ShouldBeDone().Json;
        (done["status"]!["state"]!.ToString(), done["plan"]!["trustedBy"]!.ToString(), done["unloaded"]).ShouldBe(("running", "hash", null));
        (await States()).ShouldBe(["elus available", "hello available", "ledger running", "parties running"]);
        (await Refused($"plugin install {One}")).ShouldContain("ledger");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_update_takes_the_data_along_and_a_restoration_takes_them_back_and_tells_what_it_could_not(bool serves)
    {
        await Open(serves);
        (await Give($"plugin install {One} --trust-once")).ShouldBeDone();
        await Import("Entry", "id,subject,amountText", $"{First},Rent,12.50");

        var read = (await Give($"plugin plan {Two}")).ShouldBeDone().Out;
        read.ShouldStartWith("Update ledger 1.0.0 → 2.0.0  Ledger\n");
        read.ShouldContain("! field Entry.subject (1)  Subject  [destructive]");
        read.ShouldContain("Migrations\n    1.5.0  Entry: The subject becomes the title.\n    2.0.0  Entry: Amounts become numbers");
        (await Refused($"plugin install {Two} --trust-once")).ShouldContain("ledger");
        var updated = (await Give($"plugin update {Two} --trust-once --json")).ShouldBeDone().Json;
        (updated["status"]!["version"]!.ToString(), updated["status"]!["restorable"]!.ToString(), updated["plan"]!["trustedBy"]!.ToString(), updated["unloaded"]!.GetValue<bool>()).ShouldBe(("2.0.0", "1.0.0", "once", true));
        (await Exported("Entry")).ShouldHaveSingleItem().ShouldContain("Rent (1.5),12.5");
        (await Give("plugin list")).ShouldBeDone().Out.ShouldContain("ledger 2.0.0  Ledger  running\n  can go back to 1.0.0 (xrm plugin restore)");

        await Import("Entry", "id,title", $"{Late},Late");
        (await Give($"plugin install {Packages.Fixture("Quay")} --trust-once")).ShouldBeDone();
        await Import("Boat", "id,name", $"{Boat},Mouette");
        _files.File("BilledIn.json", """{ "source": "boat", "target": "entry", "fields": {} }""");
        (await Give($"import csv {_files.File("billed.csv", $"boat,entry\n{Boat},{Late}\n")} --type BilledIn --map {Path.Combine(_files.Path, "BilledIn.json")}")).ShouldBeDone();
        (await Refused($"plugin update {One} --trust-once")).ShouldContain("xrm plugin restore ledger");
        var restored = (await Give("plugin restore ledger")).ShouldBeDone().Out;

        restored.ShouldStartWith("Restore ledger 2.0.0 → 1.0.0  Ledger\n");
        restored.ShouldMatch("\n  Relationship BilledIn [0-9a-f-]{36}: a thing is no longer there, the relationship ends.\n");
        restored.ShouldContain("The earlier code is gone from memory: proven.");
        (await Exported("Entry")).ShouldHaveSingleItem().ShouldContain("Rent,12.50");
        (await Exported("Boat")).ShouldHaveSingleItem().ShouldContain("Mouette");
        (await Refused("plugin restore ledger")).ShouldContain("ledger");
        (await Give("check --json")).ShouldBeDone().Json["faults"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_disabled_or_removed_is_parked_and_still_written_out_and_comes_back(bool serves)
    {
        await Open(serves);
        (await Give($"plugin install {One} --trust-once")).ShouldBeDone();
        await Import("Entry", "id,subject", $"{First},Rent");
        await ShouldBeAsked(true);

        var disabled = (await Give("plugin disable ledger --json")).ShouldBeDone().Json;
        (disabled["status"]!["state"]!.ToString(), disabled["unloaded"]!.GetValue<bool>(), disabled["plan"]!["destructive"]!.GetValue<bool>()).ShouldBe(("disabled", true, true));
        await ShouldBeAsked(false);
        (await Exported("Entry")).ShouldHaveSingleItem().ShouldContain("Rent");
        (await Give("export ndjson -")).ShouldBeDone().Out.ShouldContain("\"parked\":true");
        (await Give($"import csv {Path.Combine(_files.Path, "Entry.csv")} --type Entry --map {Path.Combine(_files.Path, "Entry.json")}")).ExitCode.ShouldNotBe(0);
        (await Refused("plugin disable ledger")).ShouldContain("ledger");

        (await Give("plugin enable ledger")).ShouldBeDone().Out.ShouldContain("restored with its data: 3");
        await ShouldBeAsked(true);
        (await Give("plugin remove ledger")).ShouldBeDone().Out.ShouldContain("gone from memory: proven");
        await ShouldBeAsked(false);
        (await States()).ShouldBe(["elus available", "hello available", "parties running"]);
        (await Refused("plugin remove ledger")).ShouldContain("ledger");
        (await Exported("Entry")).ShouldHaveSingleItem().ShouldContain("Rent");
        (await Give($"plugin install {One} --trust-once")).ShouldBeDone().Out.ShouldContain("restored with its data: 3");
        await ShouldBeAsked(true);
        (await Exported("Entry")).ShouldHaveSingleItem().ShouldContain("Rent");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_came_with_the_host_is_installed_by_its_id_and_what_others_require_goes_only_with_them(bool serves)
    {
        await Open(serves);

        (await Give("plugin plan elus")).ShouldBeDone().Out.ShouldContain("came with the application");
        (await Give("plugin install elus --json")).ShouldBeDone().Json["plan"]!["trustedBy"]!.GetValue<string>().ShouldBe("bundled");
        (await Refused("plugin disable parties")).ShouldContain("elus");
        (await States()).ShouldBe(["elus running", "hello available", "parties running"]);
        var both = (await Give("plugin disable parties --cascade --json")).ShouldBeDone().Json;
        both["plan"]!["affected"]!.AsArray().Select(a => a!.GetValue<string>()).ShouldBe(["elus"]);
        (await States()).ShouldBe(["elus disabled", "hello available", "parties disabled"]);
        (await Give("plugin enable elus")).ExitCode.ShouldBe(1);
        (await Give("plugin enable parties")).ShouldBeDone();
        (await Give("plugin enable elus")).ShouldBeDone();
        (await States()).ShouldBe(["elus running", "hello available", "parties running"]);
    }

    [Theory]
    [InlineData("plugin plan nobody", 1, "nobody")]
    [InlineData("plugin install nobody", 1, "nobody")]
    [InlineData("plugin remove nobody", 1, "nobody")]
    [InlineData("plugin restore parties", 1, "parties")]
    [InlineData("plugin disable Not-An-Id", 2, "Not-An-Id")]
    [InlineData("plugin plan nowhere.nupkg", 1, "nowhere.nupkg")]
    [InlineData("plugin plan", 2, "")]
    [InlineData("plugin remove parties --trust-once", 2, "--trust-once")]
    public async Task What_cannot_be_done_says_why_and_whether_it_was_asked_for_wrongly(string command, int exitCode, string told)
    {
        var answer = await Give(command);

        (answer.ExitCode, answer.Out).ShouldBe((exitCode, answer.Out));
        answer.Error.ShouldContain(told);
        answer.Error.ShouldNotContain("   at ");
    }

    private async Task Open(bool serves)
    {
        if (serves)
            _host = await ServingHost.Start(_folder.Path, environment: ("XRM_PLUGINS", "parties"));
        if (_host is not null)
            await _host.SignIn();
    }

    private Task<Answer> Give(string arguments) => Command.Run(_folder.Path, arguments, ("XRM_PLUGINS", "parties"));

    private async Task<string> Refused(string arguments)
    {
        var answer = await Give(arguments);
        answer.ExitCode.ShouldBe(1, $"{answer.Out}\n{answer.Error}");
        return answer.Error;
    }

    private async Task<string[]> States() =>
        [.. (await Give("plugin list --json")).ShouldBeDone().Json["plugins"]!.AsArray().Select(p => $"{p!["id"]} {p["state"]}")];

    private async Task Import(string type, string header, string line)
    {
        var fields = new JsonObject(header.Split(',').Where(c => c != "id").Select(c => KeyValuePair.Create(c, (JsonNode?)c)));
        var map = _files.File(type + ".json", new JsonObject { ["id"] = "id", ["fields"] = fields }.ToJsonString());
        (await Give($"import csv {_files.File(type + ".csv", $"{header}\n{line}\n")} --type {type} --map {map}")).ShouldBeDone();
    }

    private async Task<string[]> Exported(string type) => (await Give($"export csv - --type {type}")).ShouldBeDone().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];

    /// <summary>Whether entries can be asked for by GraphQL, where a host serves.</summary>
    private async Task ShouldBeAsked(bool can)
    {
        if (_host is null)
            return;
        var answer = await _host.Ask("{ entries { nodes { subject } } }");
        if (can)
            answer["data"]!["entries"]!["nodes"]!.AsArray().ShouldHaveSingleItem()!["subject"]!.GetValue<string>().ShouldBe("Rent");
        else
            answer["errors"]!.AsArray().ShouldHaveSingleItem()!["message"]!.GetValue<string>().ShouldContain("entries");
    }
}
