using System.Text.Json.Nodes;

namespace Xrm.Host.Tests;

/// <summary>Every command, given beside a host that serves the data folder and without one.</summary>
public sealed class BothWaysTests : IAsyncDisposable
{
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
    public async Task A_register_is_tried_imported_and_imported_again(bool serves)
    {
        await Open(serves);
        var file = _files.File("rne.csv", Files.Rne);

        var tried = (await Give($"import rne {file} --dry-run --json")).ShouldBeDone().Json;
        Counts(tried).ShouldBe("rows 2, new 2, refused 0");
        tried["commit"].ShouldBeNull();
        var done = (await Give($"import rne {file} --json")).ShouldBeDone().Json;
        Counts(done).ShouldBe("rows 2, new 2, refused 0");
        done["commit"]!["changes"]!.GetValue<int>().ShouldBeGreaterThan(8);
        var again = (await Give($"import rne {file} --json")).ShouldBeDone().Json;
        Counts(again).ShouldBe("rows 2, new 0, refused 0");
        again["commit"].ShouldBeNull();
        (await Give("check --json")).ShouldBeDone().Json["faults"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Persons_come_in_as_csv_and_go_out_as_csv_and_ndjson(bool serves)
    {
        await Open(serves);
        var map = _files.File("map.json", Files.PersonMap);
        var file = _files.File("persons.csv", Files.Persons(3000));

        Counts((await Give($"import csv {file} --type Person --map {map} --json")).ShouldBeDone().Json).ShouldBe("rows 3000, new 3000, refused 0");
        Counts((await Give($"import csv {file} --type Person --map {map} --json")).ShouldBeDone().Json).ShouldBe("rows 3000, new 0, refused 0");
        var output = Path.Combine(_files.Path, "out");
        (await Give($"export csv {output} --type Person")).ShouldBeDone();
        var lines = await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken);
        lines.Length.ShouldBe(3001);
        lines[0].ShouldStartWith("id,version,createdAt,updatedAt,");
        lines[0].ShouldNotContain("notes");
        lines[0].ShouldNotContain("birthKey");
        lines[1].ShouldStartWith(Files.PersonId(0));
        (await Give($"export ndjson {output}")).ShouldBeDone();
        var first = JsonNode.Parse((await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken)).First(l => l.Contains(Files.PersonId(7), StringComparison.Ordinal)))!;
        first["type"]!.GetValue<string>().ShouldBe("Person");
        first["values"]!["familyName"]!.GetValue<string>().ShouldBe("NOM7");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tokens_are_made_listed_and_revoked(bool serves)
    {
        await Open(serves);

        var secret = (await Give("token create --name portal --role integrator --days 3")).ShouldBeDone().Out.Trim();
        secret.ShouldMatch("^xrm_[A-Za-z0-9_-]{43}$");
        var twice = await Give("token create --name portal");
        twice.ExitCode.ShouldBe(1);
        twice.Error.ShouldContain("\"portal\"");
        var wrong = await Give("token create --name other --role nobody");
        wrong.ExitCode.ShouldBe(1);
        wrong.Error.ShouldContain("integrator");
        var listed = (await Give("token list --json")).ShouldBeDone();
        listed.Json["tokens"]!.AsArray().Select(t => t!["name"]!.GetValue<string>()).ShouldBe(["portal"]);
        listed.Out.ShouldNotContain(secret);
        (await Give("token revoke portal")).ShouldBeDone();
        (await Give("token revoke portal")).ExitCode.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Plugins_and_their_formats_are_listed_and_a_sign_in_link_is_made(bool serves)
    {
        await Open(serves);

        var listed = (await Give("plugin list --json")).ShouldBeDone().Json;
        listed["plugins"]!.AsArray().Select(p => $"{p!["id"]} {p["state"]}").ShouldBe(["elus running", "hello available", "parties running"]);
        listed["imports"]!.AsArray().Select(f => f!["name"]!.GetValue<string>()).ShouldBe(["rne", "csv"]);
        (await Give("user link")).ShouldBeDone().Out.ShouldContain("/sign-in?code=");
    }

    [Theory]
    [InlineData(true, "import rne")]
    [InlineData(false, "import nothing-like-it FILE")]
    [InlineData(true, "import nothing-like-it FILE")]
    [InlineData(false, "import rne FILE --colour blue")]
    [InlineData(true, "import rne FILE --colour blue")]
    [InlineData(false, "import csv FILE")]
    [InlineData(true, "export csv FILE.out")]
    [InlineData(false, "export spreadsheet FILE.out")]
    [InlineData(false, "nothing-like-it")]
    public async Task Wrong_usage_ends_with_2(bool serves, string command)
    {
        await Open(serves);

        var answer = await Give(command.Replace("FILE", _files.File("rne.csv", Files.Rne), StringComparison.Ordinal));

        answer.ExitCode.ShouldBe(2, answer.Error);
        answer.Error.ShouldNotBeEmpty();
        answer.Error.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ctrl_C_in_the_middle_of_an_import_leaves_the_data_as_they_were(bool serves)
    {
        await Open(serves);
        var map = _files.File("map.json", Files.PersonMap);
        using var process = Command.Start(_folder.Path, $"import csv - --type Person --map {map}", keepsInput: true);
        await process.StandardInput.WriteAsync(Files.Persons(5000));
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        // It reads, and the file is not at its end.
        (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("Reading…");

        ServingHost.Interrupt(process);
        var answer = await Command.Finish(process);

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldContain("nothing was written");
        var output = Path.Combine(_files.Path, "out");
        (await Give($"export csv {output} --type Person")).ShouldBeDone();
        (await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken)).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task A_setting_that_a_command_is_given_wrongly_matters_where_the_command_itself_opens_the_data(bool serves, int exitCode)
    {
        await Open(serves);

        (await Command.Run(_folder.Path, "token list", ("XRM_TIMEZONE", "Nowhere"))).ExitCode.ShouldBe(exitCode);
    }

    private async Task Open(bool serves)
    {
        if (serves)
            _host = await ServingHost.Start(_folder.Path);
    }

    private Task<Answer> Give(string arguments) => Command.Run(_folder.Path, arguments);

    private static string Counts(JsonObject report) => $"rows {report["rows"]}, new {report["new"]}, refused {report["refused"]}";
}
