using Elus;
using Parties;
using Xrm.Sdk;

namespace Xrm.Elus.Tests.Rne;

/// <summary>The ministry's own files, where they lie beside the repository; without them each test ends at once.</summary>
public class RealRegisterTests
{
    private const string Of2019 = "rne-maires/maires_2019-10-03.txt";
    private const string Of2022 = "rne-maires/rne-maires-2022.csv";
    private const string Ardennes = "rne-ardennes/rne-maires.csv";

    [Fact]
    public async Task In_order_they_tell_who_was_mayor_then_and_who_is_now_and_twice_they_change_nothing()
    {
        if (Read(Of2019) is not { } older || Read(Of2022) is not { } newer)
            return;
        await using var town = await Town.Open();

        var first = await town.Import(older);
        var second = await town.Import(newer);

        first.Report.Rows.ShouldBe(34_906);
        first.Report.Lines.Where(l => l.Kind == ImportLineKind.Refused).Select(l => l.Line).ShouldBe([9_245]);
        second.Report.Rows.ShouldBe(34_921);
        second.Report.Count(ImportLineKind.Refused).ShouldBe(0);
        second.Report.Count(ImportLineKind.New).ShouldBe(34_921);
        await TheAnswersOfTheExamples(town);
        (await town.Mayors("02332")).ShouldHaveSingleItem().ShouldEndWith("..2022-01-27 (2014-03-23..)");
        (await town.Mayors("97228")).Length.ShouldBe(3);
        (await town.Count(Person.Type), await town.Count(Mandate.Type), await town.Count(ElectiveFunction.Type), await town.Count(Constituency.Type)).ShouldBe((49_486, 69_826, 69_826, 35_045));

        (await town.Import(newer)).Edits.ShouldBe(0);
        (await town.Import(older)).Edits.ShouldBe(0);
    }

    [Fact]
    public async Task In_the_wrong_order_the_mayors_of_2022_stay_and_the_past_is_added()
    {
        if (Read(Of2019) is not { } older || Read(Of2022) is not { } newer || Read(Ardennes) is not { } ardennes)
            return;
        await using var town = await Town.Open();
        await town.Import(newer);
        var elsewhere = await town.Mayors("51108");

        var department = await town.Import(ardennes);
        department.Report.Rows.ShouldBe(448);
        department.Report.Count(ImportLineKind.Ended).ShouldBe(0);
        (await town.Mayors("51108")).ShouldBe(elsewhere);
        var late = await town.Import(older);

        late.Report.Count(ImportLineKind.Ended).ShouldBe(0);
        late.Report.Count(ImportLineKind.Changed).ShouldBe(0);
        await TheAnswersOfTheExamples(town);
        (await town.Mayors("02332")).ShouldBeEmpty();
        (await town.Import(older)).Edits.ShouldBe(0);
        (await town.Import(newer)).Edits.ShouldBe(0);
    }

    private static async Task TheAnswersOfTheExamples(Town town)
    {
        (await town.Mayors("08001")).ShouldBe(["AFRIBO Joseph 2014-03-23..2020-05-28 (2014-03-23..2020-05-18)", "DÉSIRONT Gérard 2020-05-28.. (2020-05-18..)"]);
        (await town.Mayors("13055")).ShouldBe(["GAUDIN Jean-Claude 2014-04-04..2020-10-21 (2014-03-23..2020-07-04)", "PAYAN Benoît 2020-10-21.. (2020-07-04..)"]);
        (await town.Mayors("35238")).ShouldBe(["APPÉRÉ Nathalie 2014-04-04..2020-07-03 (2014-03-30..2020-06-28)", "APPÉRÉ Nathalie 2020-07-03.. (2020-06-28..)"]);
    }

    /// <summary>A file of the data folder beside the repository; null when it is not there.</summary>
    private static byte[]? Read(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "global.json")))
            folder = folder.Parent;
        var path = folder?.Parent is null ? null : Path.Combine(folder.Parent.FullName, "shared", "data", name);
        return path is not null && File.Exists(path) ? File.ReadAllBytes(path) : null;
    }
}
