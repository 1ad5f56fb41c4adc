using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Host.Tests;

/// <summary>Files that came out wrong: what can be read comes in, the rest is told with its line, and never is a letter put in place of another.</summary>
public sealed class CsvBadFileTests : IDisposable
{
    private const string Map = """{ "fields": { "familyName": "nom", "givenName": "prénom" } }""";

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _files = new();

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Rows_in_a_wrong_encoding_are_told_and_the_others_come_in()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("nom,prénom\nUN,Jean\n"), .. Encoding.Latin1.GetBytes("DEUX,Zoé\n"), .. Encoding.UTF8.GetBytes("TROIS,Zoé\n")];

        var report = await Import(bytes, """{ "encoding": "utf-8", "fields": { "familyName": "nom", "givenName": "prénom" } }""");

        Lines(report).ShouldBe(["new 2", "refused 3: characters of the line cannot be read: another encoding (--map, encoding), or the file was cut.", "new 4"]);
        (await Command.Run(_folder.Path, "export csv - --type Person")).ShouldBeDone().Out.ShouldNotContain("\uFFFD");
    }

    [Fact]
    public async Task A_file_cut_in_the_middle_of_a_letter_is_still_UTF_8_and_its_last_row_is_told()
    {
        var whole = Encoding.UTF8.GetBytes("nom,prénom\nUN,Zoé\nDEUX,André");

        var report = await Import(whole[..^1], Map);

        Lines(report).ShouldBe(["new 2", "refused 3: characters of the line cannot be read: another encoding (--map, encoding), or the file was cut."]);
        (await Command.Run(_folder.Path, "export csv - --type Person")).ShouldBeDone().Out.ShouldContain("Zoé");
    }

    [Fact]
    public async Task A_file_cut_in_the_middle_of_a_row_brings_the_rows_before_it()
    {
        Lines(await Import(Encoding.UTF8.GetBytes("nom,prénom\nUN,Zoé\nDE"), Map)).ShouldBe(["new 2", "refused 3: 1 columns, the header has 2."]);
        Lines(await Import(Encoding.UTF8.GetBytes("nom,prénom\nTROIS,Zoé\nDEUX,\"An"), Map)).ShouldBe(["new 2", "refused 3: the quotation marks of the line do not match."]);
    }

    [Fact]
    public async Task A_workbook_is_told_to_be_none_of_columns()
    {
        var file = _files.File("book.csv", [.. "PK\u0003\u0004"u8, 20, 0, 6, 0, 8, 0, 0, 0, 33, 0]);
        var answer = await Command.Run(_folder.Path, $"import csv {file} --type Person --map {_files.File("map.json", Map)}");

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldContain("no delimited text");
        answer.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Of_a_long_file_all_bad_rows_are_counted_the_first_are_shown_and_whoever_asks_gets_all_in_their_order()
    {
        var rows = Files.Persons(2500).Split('\n');
        for (var i = 40; i <= 2500; i += 40)
            rows[i] = "too,few";
        var (file, map) = (_files.File("file.csv", string.Join('\n', rows)), _files.File("map.json", Files.PersonMap));

        var shown = (await Command.Run(_folder.Path, $"import csv {file} --type Person --map {map} --dry-run")).ShouldBeDone();
        shown.Out.ShouldContain("2500 rows read: 2438 new, 0 changed, 0 ended, 62 refused, 0 warnings.");
        shown.Error.ShouldContain("… and 2238 more (new)");
        var all = (await Command.Run(_folder.Path, $"import csv {file} --type Person --map {map} --json --dry-run")).ShouldBeDone().Json;
        all["lines"]!.AsArray().Select(l => l!["line"]!.GetValue<int>()).ShouldBe(Enumerable.Range(2, 2500));
        var done = (await Command.Run(_folder.Path, $"import csv {file} --type Person --map {map}")).ShouldBeDone();
        done.Out.ShouldContain("2438 new, 0 changed, 0 ended, 62 refused");
        done.Error.ShouldContain("line 41: 2 columns, the header has 3.");
        done.Error.ShouldContain("… and 12 more (refused)");
        done.Error.ShouldNotContain("new ·");
    }

    private async Task<JsonObject> Import(byte[] bytes, string map) =>
        (await Command.Run(_folder.Path, $"import csv {_files.File("file.csv", bytes)} --type Person --map {_files.File("map.json", map)} --json")).ShouldBeDone().Json;

    private static string[] Lines(JsonObject report) =>
        [.. report["lines"]!.AsArray().Select(l => l!["kind"]!.GetValue<string>() == "new" ? $"new {l["line"]}" : $"{l["kind"]} {l["line"]}: {l["message"]!["en"]}")];
}
