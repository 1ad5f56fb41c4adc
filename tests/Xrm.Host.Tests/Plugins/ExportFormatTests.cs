namespace Xrm.Host.Tests.Plugins;

/// <summary>File formats that plugins write.</summary>
public sealed class ExportFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _files = new();

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_Exports_hook_writes_its_format_with_the_options_that_it_knows(bool serves)
    {
        (await Command.Run(_folder.Path, $"plugin install {Packages.Fixture("Quay")} --trust-once", ("XRM_PLUGINS", "parties"))).ShouldBeDone();
        (await Command.Run(_folder.Path, $"import csv {_files.File("boats.csv", "name\nZéphyr\nAlizé\n")} --type Boat --map {_files.File("map.json", """{ "fields": { "name": "name" } }""")}")).ShouldBeDone();
        await using var host = serves ? await ServingHost.Start(_folder.Path) : null;
        var output = Path.Combine(_files.Path, "boats.txt");

        (await Command.Run(_folder.Path, $"export boats {output} --json")).ShouldBeDone().Json.ToJsonString().ShouldBe("""{"format":"boats","records":2}""");
        (await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken)).ShouldBe("Alizé\nZéphyr\n");
        (await Command.Run(_folder.Path, "export boats - --letters big")).ShouldBeDone().Out.ShouldBe("ALIZÉ\nZÉPHYR\n");

        var wrong = await Command.Run(_folder.Path, $"export boats {Path.Combine(_files.Path, "other")} --colour blue --size big");
        wrong.ExitCode.ShouldBe(2);
        wrong.Error.ShouldContain("has no option --colour (--letters)");
        wrong.Error.ShouldContain("has no option --size");
        File.Exists(Path.Combine(_files.Path, "other")).ShouldBeFalse();
        var unknown = await Command.Run(_folder.Path, "export boots -");
        (unknown.ExitCode, unknown.Error.Contains("\"boots\" is not an export format. There are: boats, csv, ndjson.", StringComparison.Ordinal)).ShouldBe((2, true), unknown.Error);
        (await Command.Run(_folder.Path, "plugin list")).ShouldBeDone().Out.ShouldContain("export boats  Boats\n  --letters  big: in capitals");
        (await Command.Run(_folder.Path, "plugin disable quay")).ShouldBeDone();
        (await Command.Run(_folder.Path, "export boats -")).ExitCode.ShouldBe(2);
    }
}
