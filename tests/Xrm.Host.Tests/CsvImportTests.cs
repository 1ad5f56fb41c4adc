using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Host.Tests;

/// <summary>Files with columns, into any type by a map; given without a host (beside one it is the same code).</summary>
public sealed class CsvImportTests : IDisposable
{
    private const string OrganisationMap = """
        { "dates": ["dd/MM/yyyy"], "empty": ["-"], "match": ["siren"],
          "fields": { "siren": "SIREN", "preferredLabel": "Nom", "foundedOn": "Créée le",
                      "classification": { "column": "Genre", "choices": { "asso": "association", "boîte": "company" } } } }
        """;

    private const string Organisations = "SIREN;Nom;Créée le;Genre\n732829320;Amicale des Mésanges;01/02/1998;asso\n552100554;Boîte à clous;-;boîte\n";

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _files = new();

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Things_are_found_by_their_key_and_only_what_differs_is_changed()
    {
        Lines(await Import("Organisation", OrganisationMap, Organisations)).ShouldBe(["new 2: Amicale des Mésanges", "new 3: Boîte à clous"]);

        var report = await Import("Organisation", OrganisationMap, Organisations.Replace("Boîte à clous", "Boîte à vis", StringComparison.Ordinal));

        Lines(report).ShouldBe(["changed 3: Boîte à vis: preferredLabel"]);
        report["commit"]!["changes"]!.GetValue<int>().ShouldBe(1);
        (await Rows("Organisation", "preferredLabel", "foundedOn")).ShouldBe(["Amicale des Mésanges|1998-02-01", "Boîte à vis|"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("windows-1252", ";")]
    [InlineData("utf-8", ",")]
    [InlineData("utf-16", "\t")]
    public async Task Encoding_and_separator_are_found_out(string encoding, string separator)
    {
        var chosen = encoding == "windows-1252" ? Encoding.Latin1 : Encoding.GetEncoding(encoding);
        byte[] bytes = [.. encoding == "utf-16" ? chosen.Preamble.ToArray() : [], .. chosen.GetBytes(Organisations.Replace(";", separator, StringComparison.Ordinal))];

        (await Import("Organisation", OrganisationMap, bytes))["new"]!.GetValue<int>().ShouldBe(2);

        (await Rows("Organisation", "preferredLabel")).ShouldBe(["Amicale des Mésanges", "Boîte à clous"], ignoreOrder: true);
    }

    [Fact]
    public async Task Bad_rows_are_told_with_line_column_and_reason_and_the_others_come_in()
    {
        const string rows = """
            SIREN;Nom;Créée le;Genre
            732829320;Bonne;01/02/1998;asso
            732829321;Mauvaise clé;;asso
            552100554;;01/02/1998;asso
            ;Sans genre;;
            ;Mauvais jour;31/02/1998;asso
            ;Trop;de;colonnes;ici
            732829320;Deux fois;;asso
            ;Coupée;"01/02/1998;asso
            """;

        var report = await Import("Organisation", OrganisationMap, rows);

        report["rows"]!.GetValue<int>().ShouldBe(8);
        report["new"]!.GetValue<int>().ShouldBe(1);
        var lines = Lines(report);
        lines.Length.ShouldBe(8);
        lines[1].ShouldStartWith("refused 3: SIREN: ");
        lines[2].ShouldBe("refused 4: preferredLabel: required, without value.");
        lines[3].ShouldBe("refused 5: classification: required, without value.");
        lines[4].ShouldStartWith("refused 6: Créée le: \"31/02/1998\": expected a day");
        lines[5].ShouldBe("refused 7: 5 columns, the header has 4.");
        lines[6].ShouldBe("refused 8: the same thing as line 2.");
        lines[7].ShouldBe("refused 9: the quotation marks of the line do not match.");
    }

    [Fact]
    public async Task Five_thousand_bad_rows_are_counted_and_few_are_shown()
    {
        var text = "id,nom,prénom\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"not-an-id-{i},NOM,Prénom\n"));
        var (map, file) = (_files.File("map.json", Files.PersonMap), _files.File("persons.csv", text));

        var answer = await Command.Run(_folder.Path, $"import csv {file} --type Person --map {map}");

        answer.ExitCode.ShouldBe(1);
        answer.Out.ShouldContain("5000 refused");
        answer.Error.Split('\n').Length.ShouldBeLessThan(70);
    }

    [Fact]
    public async Task A_column_that_is_missing_and_a_map_that_is_wrong_are_told_with_all_that_is_wrong()
    {
        Messages(await Fail("Organisation", OrganisationMap, "SIREN;Genre\n732829320;asso\n")).ShouldBe(
            ["file.csv has no column \"Nom\"; it has: SIREN, Genre.", "file.csv has no column \"Créée le\"; it has: SIREN, Genre."], ignoreOrder: true);

        var messages = Messages(await Fail("Organisation", """{ "match": ["purpose"], "fields": { "colour": "Nom", "purpose": { "col": "x" } }, "more": 1 }""", Organisations));
        messages.Length.ShouldBe(5);
        messages.ShouldContain(m => m.StartsWith("--map, fields.colour: Organisation has no field colour", StringComparison.Ordinal));
        messages.ShouldContain(m => m.StartsWith("--map, match: purpose is no unique key of Organisation (siren ; siret ; rna", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Relationships_find_their_ends_by_id_and_by_key_and_are_the_same_when_imported_again()
    {
        await Import("Organisation", OrganisationMap, Organisations);
        await Import("Person", Files.PersonMap, Files.Persons(2));
        const string map = """
            { "source": "person", "target": { "key": { "siren": "employer" } },
              "fields": { "position": "job", "validFrom": "since", "validTo": "until" } }
            """;
        var rows = $"person,employer,job,since,until\n{Files.PersonId(0)},732829320,Secrétaire,2020-01-01,\n{Files.PersonId(1)},552100554,Vendeuse,2019-05-01,2021-01-01\n{Files.PersonId(1)},999999999,Nulle part,2019-05-01,\n";

        Lines(await Import("WorksFor", map, rows)).Select(l => l.Split(':')[0]).ShouldBe(["new 2", "new 3", "refused 4"]);
        var again = await Import("WorksFor", map, rows.Replace("2021-01-01", "2022-01-01", StringComparison.Ordinal));

        Lines(again).Select(l => l.Split(':')[0]).ShouldBe(["changed 3", "refused 4"]);
        (await Rows("WorksFor", "source", "validFrom", "validTo", "position")).ShouldBe(
            [$"{Files.PersonId(0)}|2020-01-01||Secrétaire", $"{Files.PersonId(1)}|2019-05-01|2022-01-01|Vendeuse"], ignoreOrder: true);
        (await Command.Run(_folder.Path, "check")).ShouldBeDone();
    }

    [Fact]
    public async Task Ids_are_the_same_however_they_are_written()
    {
        await Import("Person", Files.PersonMap, Files.Persons(12));
        var (ten, eleven) = (Files.PersonId(10), Files.PersonId(11));
        var rows = $"id,nom,prénom\n{ten.ToUpperInvariant()},NOM10,Prénom 10\n  {eleven} ,NOM11,Autre\n{ten.Replace("-", "", StringComparison.Ordinal)},NOM,Prénom\n{eleven}0,NOM,Prénom\n";

        var lines = Lines(await Import("Person", Files.PersonMap, rows));

        lines.Select(l => l.Split(':')[0]).ShouldBe(["changed 3", "refused 4", "refused 5"]);
        lines[2].ShouldEndWith("is no UUID of version 4 or 7.");
    }

    [Fact]
    public async Task A_row_that_leads_to_nothing_still_is_the_first_of_its_id()
    {
        const string map = """{ "id": "id", "fields": { "preferredLabel": "name", "unitType": { "value": "service" } }, "links": { "organisation": "of" } }""";

        var lines = Lines(await Import("OrganisationalUnit", map, $"id,name,of\n{Files.PersonId(1)},Voirie,{Files.PersonId(9)}\n{Files.PersonId(1)},Voirie,\n{Files.PersonId(2)},Eaux,\n"));

        lines.Select(l => l.Split(':')[0]).ShouldBe(["refused 2", "refused 3", "new 4"]);
        lines[0].ShouldBe($"refused 2: organisation: there is no thing \"{Files.PersonId(9)}\" (Organisation).");
        lines[1].ShouldBe("refused 3: the same thing as line 2.");
    }

    private Task<JsonObject> Import(string type, string map, string text) => Import(type, map, Encoding.UTF8.GetBytes(text));

    private async Task<JsonObject> Import(string type, string map, byte[] bytes)
    {
        var (path, file) = (_files.File("map.json", map), _files.File("file.csv", bytes));
        return (await Command.Run(_folder.Path, $"import csv {file} --type {type} --map {path} --json")).ShouldBeDone().Json;
    }

    private async Task<JsonObject> Fail(string type, string map, string text)
    {
        var (path, file) = (_files.File("map.json", map), _files.File("file.csv", text));
        var answer = await Command.Run(_folder.Path, $"import csv {file} --type {type} --map {path} --json");
        answer.ExitCode.ShouldBe(1, answer.Error);
        return answer.Json;
    }

    private async Task<string[]> Rows(string type, params string[] columns)
    {
        var answer = (await Command.Run(_folder.Path, $"export csv - --type {type} --separator ;")).ShouldBeDone();
        var lines = answer.Out.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var header = lines[0].Split(';');
        return [.. lines.Skip(1).Select(l => l.Split(';')).Select(cells => string.Join('|', columns.Select(c => cells[Array.IndexOf(header, c)])))];
    }

    private static string[] Lines(JsonObject report) =>
        [.. report["lines"]!.AsArray().Select(l => $"{l!["kind"]} {l["line"]}: {l["message"]!["en"]}")];

    private static string[] Messages(JsonObject failure) => [.. failure["problems"]!.AsArray().Select(p => p!["message"]!["en"]!.GetValue<string>())];
}
