using Elus;
using Elus.Rne;
using Parties;
using Xrm.Sdk;
using Xrm.Testing;

namespace Xrm.Elus.Tests.Rne;

/// <summary>What reading registers one after the other leaves behind.</summary>
public class RegisterImportTests
{
    private static readonly Mayor Old = new("08001", "AFRIBEAU", "Joseph", "1950-04-02", "2014-03-23", "2014-03-29");
    private static readonly Mayor New = new("08001", "DÉSIRANT", "Gérard", "1961-09-30", "2020-05-18", "2020-05-28");
    private static readonly Mayor Neighbour = new("08003", "DECOBERG", "Marie", "1970-01-31", "2014-03-23", "2014-03-28");
    private static readonly Mayor NeighbourAgain = Neighbour with { Mandate = "2020-05-18", Function = "2020-05-26" };

    [Fact]
    public async Task The_first_file_brings_commune_person_mandate_and_function()
    {
        await using var town = await Town.Open();

        var (report, edits) = await town.Import(Edition.Of2019(Old, Neighbour));

        (await town.Mayors("08001")).ShouldBe(["AFRIBEAU Joseph 2014-03-29.. (2014-03-23..)"]);
        (await town.Mayors("08003")).ShouldBe(["DECOBERG Marie 2014-03-28.. (2014-03-23..)"]);
        (await town.Count(Person.Type), await town.Count(Mandate.Type), await town.Count(ElectiveFunction.Type), await town.Count(Constituency.Type)).ShouldBe((2, 2, 2, 2));
        edits.ShouldBe(8);
        report.Rows.ShouldBe(2);
        Counts(report).ShouldBe((2, 0, 0, 0, 0));
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing()
    {
        await using var town = await Town.Open();
        foreach (var file in (string[])[Edition.Of2019(Old, Neighbour), Edition.Of2022(New, NeighbourAgain)])
        {
            await town.Import(file);

            var (report, edits) = await town.Import(file);

            edits.ShouldBe(0);
            Counts(report).ShouldBe((0, 0, 0, 0, 0));
        }
    }

    [Fact]
    public async Task A_predecessor_leaves_when_the_successor_is_installed_and_his_mandate_ends_with_the_new_term()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Old));

        var (report, _) = await town.Import(Edition.Of2022(New));

        (await town.Mayors("08001")).ShouldBe(["AFRIBEAU Joseph 2014-03-29..2020-05-28 (2014-03-23..2020-05-18)", "DÉSIRANT Gérard 2020-05-28.. (2020-05-18..)"]);
        Counts(report).ShouldBe((1, 0, 1, 0, 0));
    }

    [Fact]
    public async Task A_predecessor_replaced_within_the_term_may_still_sit()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Old));

        await town.Import(Edition.Of2019(New with { Mandate = "2014-03-23", Function = "2017-09-01" }));

        (await town.Mayors("08001")).ShouldBe(["AFRIBEAU Joseph 2014-03-29..2017-09-01 (2014-03-23..)", "DÉSIRANT Gérard 2017-09-01.. (2014-03-23..)"]);

        await town.Import(Edition.Of2022(NeighbourAgain with { Commune = "08001" }));

        (await town.Mayors("08001")).ShouldBe(
        [
            "AFRIBEAU Joseph 2014-03-29..2017-09-01 (2014-03-23..2020-05-18)",
            "DÉSIRANT Gérard 2017-09-01..2020-05-26 (2014-03-23..2020-05-18)",
            "DECOBERG Marie 2020-05-26.. (2020-05-18..)",
        ]);
    }

    [Fact]
    public async Task The_same_person_elected_again_is_one_person_with_two_mandates()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Neighbour));

        await town.Import(Edition.Of2022(NeighbourAgain));

        (await town.Mayors("08003")).ShouldBe(["DECOBERG Marie 2014-03-28..2020-05-26 (2014-03-23..2020-05-18)", "DECOBERG Marie 2020-05-26.. (2020-05-18..)"]);
        (await town.Count(Person.Type)).ShouldBe(1);
    }

    [Fact]
    public async Task Installed_again_within_the_term_is_a_second_function_in_the_same_mandate()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Neighbour));

        await town.Import(Edition.Of2019(Neighbour with { Function = "2016-01-10" }));

        (await town.Mayors("08003")).ShouldBe(["DECOBERG Marie 2014-03-28..2016-01-10 (2014-03-23..)", "DECOBERG Marie 2016-01-10.. (2014-03-23..)"]);
        (await town.Count(Mandate.Type)).ShouldBe(1);
    }

    [Fact]
    public async Task A_commune_absent_from_a_file_of_its_department_loses_its_mayor_on_the_files_newest_day_and_that_is_told()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Old, Neighbour));

        var (report, _) = await town.Import(Edition.Of2022(New));

        (await town.Mayors("08003")).ShouldBe(["DECOBERG Marie 2014-03-28..2020-05-28 (2014-03-23..)"]);
        report.Lines.ShouldContain(l => l.Kind == ImportLineKind.Ended && l.Line == 0 && l.Message.Fr.Contains("08003") && l.Message.Fr.Contains("27/05/2020"));
    }

    [Fact]
    public async Task The_day_of_the_file_can_be_given()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Old, Neighbour));

        await town.Import(Edition.Of2022(New), "2021-12-31");

        (await town.Mayors("08003")).ShouldBe(["DECOBERG Marie 2014-03-28..2021-12-31 (2014-03-23..)"]);
    }

    [Fact]
    public async Task A_file_of_one_department_touches_no_other()
    {
        await using var town = await Town.Open();
        var elsewhere = Neighbour with { Commune = "51003" };
        await town.Import(Edition.Of2019(Old, elsewhere));

        await town.Import(Edition.Of2022(New));

        (await town.Mayors("51003")).ShouldBe(["DECOBERG Marie 2014-03-28.. (2014-03-23..)"]);
    }

    [Fact]
    public async Task Files_in_the_wrong_order_lead_to_the_same_mayors()
    {
        await using var town = await Town.Open();
        var newer = Edition.Of2022(New, NeighbourAgain);
        var older = Edition.Of2019(Old, Neighbour);
        await town.Import(newer);

        var (report, _) = await town.Import(older);

        (await town.Mayors("08001")).ShouldBe(["AFRIBEAU Joseph 2014-03-29..2020-05-28 (2014-03-23..2020-05-18)", "DÉSIRANT Gérard 2020-05-28.. (2020-05-18..)"]);
        (await town.Mayors("08003")).ShouldBe(["DECOBERG Marie 2014-03-28..2020-05-26 (2014-03-23..2020-05-18)", "DECOBERG Marie 2020-05-26.. (2020-05-18..)"]);
        (await town.Count(Person.Type)).ShouldBe(3);
        Counts(report).ShouldBe((2, 0, 0, 0, 0));
        (await town.Import(older)).Edits.ShouldBe(0);
        (await town.Import(newer)).Edits.ShouldBe(0);
    }

    [Fact]
    public async Task An_older_file_ends_nothing_and_brings_no_commune_that_the_newer_one_had_no_more()
    {
        await using var town = await Town.Open();
        var merged = Neighbour with { Commune = "08099" };
        await town.Import(Edition.Of2022(New, NeighbourAgain));

        var (report, _) = await town.Import(Edition.Of2019(Old, merged));

        (await town.Mayors("08099")).ShouldBeEmpty();
        (await town.Mayors("08003")).ShouldBe(["DECOBERG Marie 2020-05-26.. (2020-05-18..)"]);
        report.Lines.ShouldContain(l => l.Kind == ImportLineKind.Warning && l.Line == 4 && l.Message.En.Contains("08099"));
    }

    [Fact]
    public async Task A_fact_between_two_known_terms_is_left_out_and_told()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Old));
        await town.Import(Edition.Of2022(New));

        var (report, edits) = await town.Import(Edition.Of2019(Neighbour with { Commune = "08001", Function = "2017-01-01" }));

        edits.ShouldBe(0);
        report.Lines.ShouldHaveSingleItem().Kind.ShouldBe(ImportLineKind.Warning);
    }

    [Fact]
    public async Task A_mayor_known_to_have_left_is_not_brought_back_by_a_register_that_lags()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2022(New, NeighbourAgain));
        await town.Import(Edition.Of2022(New), "2021-01-01");

        var (report, edits) = await town.Import(Edition.Of2022(New, NeighbourAgain), "2021-06-01");

        edits.ShouldBe(0);
        report.Lines.ShouldHaveSingleItem().Message.En.ShouldContain("still names DECOBERG Marie");
    }

    [Fact]
    public async Task A_later_spelling_updates_the_person_and_an_older_one_does_not()
    {
        await using var town = await Town.Open();
        var plain = Edition.Of2019(Old with { Name = "APPERE", Given = "Nathalie" });
        await town.Import(plain);

        var (report, _) = await town.Import(Edition.Of2022(Old with { Name = "APPÉRÉ", Given = "Nathalie", Mandate = "2020-06-28", Function = "2020-07-03" }));

        (await town.Mayors("08001")).ShouldBe(["APPÉRÉ Nathalie 2014-03-29..2020-07-03 (2014-03-23..2020-06-28)", "APPÉRÉ Nathalie 2020-07-03.. (2020-06-28..)"]);
        report.Lines.ShouldContain(l => l.Kind == ImportLineKind.Changed && l.Message.Fr == "APPERE Nathalie s'écrit désormais APPÉRÉ Nathalie");
        (await town.Import(plain)).Edits.ShouldBe(0);
    }

    [Fact]
    public async Task Of_one_function_the_spelling_with_more_accents_holds_whichever_file_comes_last()
    {
        await using var town = await Town.Open();
        var plain = Edition.Of2022(New with { Name = "DESIRANT", CommuneName = "Aubree" });
        var accented = Edition.Of2022(New with { CommuneName = "Aubrée" });
        await town.Import(plain);

        await town.Import(accented);
        (await town.Import(plain)).Edits.ShouldBe(0);

        (await town.Mayors("08001")).Single().ShouldStartWith("DÉSIRANT Gérard");
        (await town.Name("08001")).ShouldBe("Aubrée");
    }

    [Fact]
    public async Task The_name_of_a_commune_follows_newer_files_only()
    {
        await using var town = await Town.Open();
        var older = Edition.Of2019(Old with { CommuneName = "Aubrée-sous-Bois" });
        await town.Import(older);

        await town.Import(Edition.Of2022(New with { CommuneName = "Aubrée-les-Bois" }));
        await town.Import(older);

        (await town.Name("08001")).ShouldBe("Aubrée-les-Bois");
    }

    [Fact]
    public async Task Namesakes_born_on_other_days_are_two_persons_and_that_is_told_where_one_follows_the_other()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Old));

        var (report, _) = await town.Import(Edition.Of2022(Old with { Birth = "1979-04-02", Mandate = "2020-05-18", Function = "2020-05-28" }));

        (await town.Count(Person.Type)).ShouldBe(2);
        var warning = report.Lines.Single(l => l.Kind == ImportLineKind.Warning);
        warning.Line.ShouldBe(2);
        (warning.Message.Fr + warning.Message.En).ShouldNotContain("1979");
    }

    [Fact]
    public async Task A_person_entered_by_hand_under_the_same_name_is_told_and_never_merged()
    {
        await using var town = await Town.Open();
        await town.Create(Person.Type, Values.None.With(Person.FamilyName, "Désirant").With(Person.GivenName, "Gérard"));

        var (report, _) = await town.Import(Edition.Of2022(New));

        (await town.Count(Person.Type)).ShouldBe(2);
        report.Lines.ShouldContain(l => l.Kind == ImportLineKind.Warning && l.Line == 2);
    }

    [Fact]
    public async Task Two_persons_who_both_fit_are_told_the_row_is_left_out_and_its_commune_keeps_its_mayor()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Old, Neighbour));
        var key = new BirthKeys(TestXrm.Secret("elus", "birth-key")).Of(New.Name, new(1961, 9, 30));
        for (var i = 0; i < 2; i++)
            await town.Create(Person.Type, Values.None.With(Person.FamilyName, New.Name).With(Person.GivenName, New.Given).With(Official.BirthKey, key));

        var (report, _) = await town.Import(Edition.Of2022(New, NeighbourAgain));

        (await town.Mayors("08001")).ShouldBe(["AFRIBEAU Joseph 2014-03-29.. (2014-03-23..)"]);
        report.Lines.ShouldContain(l => l.Kind == ImportLineKind.Refused && l.Line == 2);
    }

    [Fact]
    public async Task One_person_in_two_communes_is_one_person()
    {
        await using var town = await Town.Open();

        await town.Import(Edition.Of2022(New, New with { Commune = "51003", CommuneName = "Ailleurs" }));

        (await town.Count(Person.Type)).ShouldBe(1);
        (await town.Count(Mandate.Type)).ShouldBe(2);
    }

    [Fact]
    public async Task A_commune_on_two_lines_is_read_in_the_order_of_its_dates_in_whatever_order_files_come()
    {
        var later = New with { Mandate = "2017-12-02", Function = "2017-12-02" };
        var newer = Edition.Of2022(NeighbourAgain with { Commune = "08001" });
        var older = Edition.Of2019(later, Old);
        string[] expected =
        [
            "AFRIBEAU Joseph 2014-03-29..2017-12-02 (2014-03-23..2017-12-02)",
            "DÉSIRANT Gérard 2017-12-02..2020-05-26 (2017-12-02..2020-05-18)",
            "DECOBERG Marie 2020-05-26.. (2020-05-18..)",
        ];
        foreach (var files in (string[][])[[older, newer], [newer, older]])
        {
            await using var town = await Town.Open();
            foreach (var file in files)
                await town.Import(file);

            (await town.Mayors("08001")).ShouldBe(expected);
            (await town.Import(older)).Edits.ShouldBe(0);
        }
    }

    [Fact]
    public async Task Two_mayors_since_the_same_day_are_told_and_nothing_is_changed()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2022(New));

        var (report, edits) = await town.Import(Edition.Of2022(NeighbourAgain with { Commune = "08001", Function = New.Function }));

        edits.ShouldBe(0);
        report.Lines.ShouldContain(l => l.Kind == ImportLineKind.Warning && l.Message.En.Contains("since the same day"));
    }

    [Fact]
    public async Task A_refused_row_still_speaks_for_its_commune()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Old, Neighbour));

        var (report, _) = await town.Import(Edition.Of2022(New, NeighbourAgain with { Function = "31/31/2020" }));

        (await town.Mayors("08003")).ShouldBe(["DECOBERG Marie 2014-03-28.. (2014-03-23..)"]);
        report.Count(ImportLineKind.Refused).ShouldBe(1);
    }

    [Fact]
    public async Task Where_refused_rows_name_no_commune_no_mayor_is_ended_for_absence()
    {
        await using var town = await Town.Open();
        await town.Import(Edition.Of2019(Old, Neighbour));

        var (report, _) = await town.Import(Edition.Of2022(New) + "08;;;;;;;;;;;;;\n");

        (await town.Mayors("08003")).ShouldBe(["DECOBERG Marie 2014-03-28.. (2014-03-23..)"]);
        report.Lines.ShouldContain(l => l.Kind == ImportLineKind.Warning && l.Line == 0);
    }

    [Fact]
    public async Task A_file_cut_in_the_middle_ends_nobody_in_the_department_where_it_is_cut()
    {
        await using var town = await Town.Open();
        var elsewhere = Neighbour with { Commune = "51003" };
        await town.Import(Edition.Of2019(Old, Neighbour, elsewhere, Neighbour with { Commune = "51004" }));

        var (report, _) = await town.Import((Edition.Of2022(New, NeighbourAgain with { Commune = "51004" }) + Edition.Row2022(NeighbourAgain with { Commune = "51003" }))[..^7]);

        (await town.Mayors("51003")).ShouldBe(["DECOBERG Marie 2014-03-28.. (2014-03-23..)"]);
        (await town.Mayors("08003")).ShouldBe(["DECOBERG Marie 2014-03-28..2020-05-28 (2014-03-23..)"]);
        report.Count(ImportLineKind.Refused).ShouldBe(1);
    }

    private static (int New, int Changed, int Ended, int Refused, int Warning) Counts(ImportReport report) =>
        (report.Count(ImportLineKind.New), report.Count(ImportLineKind.Changed), report.Count(ImportLineKind.Ended), report.Count(ImportLineKind.Refused), report.Count(ImportLineKind.Warning));
}
