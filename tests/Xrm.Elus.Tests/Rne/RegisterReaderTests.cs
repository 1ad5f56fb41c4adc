using System.Text;
using Elus.Rne;
using Xrm.Sdk;

namespace Xrm.Elus.Tests.Rne;

/// <summary>What the reader makes of files, good and bad.</summary>
public class RegisterReaderTests
{
    private static readonly Mayor Aline = new("08001", "D'ÉLOUGES", "Aline", "1960-02-03", "2020-05-18", "2020-05-26") { CommuneName = "Aÿ-l'Œuvre" };
    private static readonly Mayor Basile = new("2A004", "LE GOËN", "Basile Jean", "1971-12-31", "2020-06-28", "2020-07-03");

    [Fact]
    public void Utf8_with_and_without_mark_and_windows_1252_read_the_same()
    {
        var text = Edition.Of2022(Aline, Basile);
        var windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text);
        byte[][] files = [Encoding.UTF8.GetBytes(text), [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)], windows, [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)]];

        foreach (var file in files)
            Read(file).Rows.Select(r => (r.CommuneName, r.Name)).ShouldBe([("Aÿ-l'Œuvre", "D'ÉLOUGES Aline"), ("Val-2A004", "LE GOËN Basile Jean")]);
    }

    [Fact]
    public void Iso_8859_1_is_read() => Read(Edition.Latin1(Edition.Of2022(Basile))).Rows.ShouldHaveSingleItem().FamilyName.ShouldBe("LE GOËN");

    [Theory]
    [InlineData('\t')]
    [InlineData(';')]
    [InlineData(',')]
    public void Each_separator_is_found_out(char separator) =>
        Read(Edition.Of2022(Basile).Replace(';', separator)).Rows.ShouldHaveSingleItem().Commune.ShouldBe("2A004");

    [Fact]
    public void The_header_may_come_after_other_lines_and_in_another_order()
    {
        const string text = """
            Répertoire national des élus

            édition du trimestre;;
            DATE DE NAISSANCE;Nom de l’élu;PRENOM DE L'ELU;"Code du département";Code de la commune;Libellé de la commune;Date de début de la fonction;Date de début du mandat
            03/02/1960;MARTEL;Aline;08;08001;Acy;26/05/2020;18/05/2020
            """;

        var row = Read(text).Rows.ShouldHaveSingleItem();

        row.ShouldBe(new RegisterRow(5, "08001", "Acy", "MARTEL", "Aline", row.BirthKey, new(2020, 5, 18), new(2020, 5, 26)));
    }

    [Fact]
    public void A_row_of_2019_reads_as_one_of_2022()
    {
        var old = Read(Edition.Latin1(Edition.Of2019(Basile))).Rows.ShouldHaveSingleItem();

        old.ShouldBe(Read(Edition.Of2022(Basile)).Rows.Single() with { Line = 3 });
    }

    [Theory]
    [InlineData("01", "001", "01001")]
    [InlineData("1", "1", "01001")]
    [InlineData("1", "1001", "01001")]
    [InlineData("2B", "033", "2B033")]
    [InlineData("2b", "33", "2B033")]
    [InlineData("ZA", "101", "97101")]
    [InlineData("ZD", "424", "97424")]
    [InlineData("ZM", "601", "97601")]
    [InlineData("ZS", "501", "97501")]
    [InlineData("ZP", "711", "98711")]
    [InlineData("ZN", "801", "98801")]
    [InlineData("ZX", "801", "97801")]
    [InlineData("974", "24", "97424")]
    [InlineData("", "97209", "97209")]
    [InlineData("6AE", "68298", "68298")]
    public void Department_and_commune_make_the_official_code(string department, string commune, string code) => CommuneCode.Of(department, commune).ShouldBe(code);

    [Theory]
    [InlineData("ZA", "401")]
    [InlineData("6AE", "298")]
    [InlineData("", "001")]
    [InlineData("01", "")]
    [InlineData("01", "00A")]
    [InlineData("20", "004")]
    [InlineData("01", "010010")]
    public void What_makes_no_code_is_told(string department, string commune) => CommuneCode.Of(department, commune).ShouldBeNull();

    [Theory]
    [InlineData("18/05/2020")]
    [InlineData("18/5/2020")]
    [InlineData("2020-05-18")]
    [InlineData("2020-05-18T00:00:00")]
    [InlineData("18/05/2020 00:00")]
    public void A_day_comes_in_several_forms(string text) => Read(Edition.Of2022(Basile with { Mandate = text })).Rows.ShouldHaveSingleItem().MandateStart.ShouldBe(new(2020, 5, 18));

    [Theory]
    [InlineData("31/02/2020")]
    [InlineData("08/01/0018")]
    [InlineData("08/01/18")]
    [InlineData("05/18/2020")]
    [InlineData("03/03/2077")]
    [InlineData("bientôt")]
    [InlineData("")]
    public void A_wrong_day_is_told_with_its_line(string text)
    {
        var file = Read(Edition.Of2022(Aline, Basile with { Function = text }));

        file.Rows.ShouldHaveSingleItem();
        var refused = file.Refused.ShouldHaveSingleItem();
        refused.Line.ShouldBe(3);
        refused.Commune.ShouldBe("2A004");
        refused.Reason.Fr.ShouldContain("date de début de la fonction");
        refused.Reason.En.ShouldContain(text);
    }

    [Theory]
    [InlineData("31/02/1971")]
    [InlineData("11/11/1811")]
    [InlineData("")]
    public void A_wrong_birth_date_is_told_without_showing_it(string text)
    {
        var refused = Read(Edition.Of2022(Basile with { Birth = text })).Refused.ShouldHaveSingleItem();

        refused.Reason.En.ShouldContain("birth date");
        if (text.Length > 0)
            (refused.Reason.Fr + refused.Reason.En).ShouldNotContain(text);
    }

    [Fact]
    public void All_missing_columns_are_named_at_once()
    {
        var problem = Should.Throw<Problem>(() => Read("Code du département;Libellé de la commune;Nom de l'élu;Prénom de l'élu;Date de début de la fonction\n08;Acy;MARTEL;Aline;26/05/2020\n"));

        problem.Code.ShouldBe(ProblemCode.Invalid);
        foreach (var column in (string[])["« Code de la commune »", "« Date de naissance »", "« Date de début du mandat »"])
            problem.Faults.ShouldHaveSingleItem().Message.Fr.ShouldContain(column);
        problem.Message.ShouldNotContain("« Nom de l'élu »");
        problem.Message.ShouldStartWith("Line 1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("id,name\n1,Zoé\n")]
    public void A_file_without_header_is_refused(string text) => Should.Throw<Problem>(() => Read(text)).Code.ShouldBe(ProblemCode.Invalid);

    [Fact]
    public void A_wrong_encoding_is_refused_with_a_word_on_encodings()
    {
        var ibm = CodePagesEncodingProvider.Instance.GetEncoding(850)!.GetBytes(Edition.Of2022(Basile));

        Should.Throw<Problem>(() => Read(ibm)).Message.ShouldContain("encoding");
    }

    [Fact]
    public void A_workbook_and_other_bytes_are_refused()
    {
        Should.Throw<Problem>(() => Read("PK\u0003\u0004 and so on"u8.ToArray())).Message.ShouldContain("CSV");
        Should.Throw<Problem>(() => Read([1, 0, 2, 0])).Message.ShouldContain("null bytes");
        Should.Throw<Problem>(() => Read(Encoding.Unicode.GetBytes(Edition.Of2022(Basile)))).Code.ShouldBe(ProblemCode.Invalid);
    }

    [Fact]
    public void Five_thousand_bad_rows_are_all_told_and_the_good_ones_taken()
    {
        var text = new StringBuilder(Edition.Header2022).Append('\n');
        for (var i = 0; i < 5_000; i++)
            text.Append("08;Nulle-Part;;;???;;;\n");
        text.Append(Edition.Row2022(Basile)).Append('\n');

        var file = Read(text.ToString());

        file.Rows.ShouldHaveSingleItem().Line.ShouldBe(5_002);
        file.Refused.Select(r => r.Line).ShouldBe(Enumerable.Range(2, 5_000));
        file.Refused.ShouldAllBe(r => r.Reason.Fr.Length > 0 && r.Reason.En.Length > 0);
        file.IsCut.ShouldBeFalse();
    }

    [Fact]
    public void A_file_cut_anywhere_in_its_last_row_is_told_and_never_crashes()
    {
        var bytes = Encoding.UTF8.GetBytes(Edition.Of2022(Basile, Aline))[..^1];
        var whole = Read(bytes);
        whole.Rows.Count.ShouldBe(2);
        whole.IsCut.ShouldBeFalse();

        var lastRow = Encoding.UTF8.GetByteCount(Edition.Of2022(Basile));
        for (var length = lastRow + 1; length < bytes.Length; length++)
        {
            var file = Read(bytes[..length]);
            file.Rows.ShouldHaveSingleItem().FamilyName.ShouldBe("LE GOËN");
            file.Refused.ShouldHaveSingleItem().Line.ShouldBe(3);
            file.IsCut.ShouldBeTrue();
        }
    }

    [Fact]
    public void A_quotation_mark_that_is_not_closed_swallows_no_other_row()
    {
        var file = Read(Edition.Of2022(Aline, Basile with { Name = "\"LE GOËN" }, Aline with { Commune = "08002" }));

        file.Rows.Select(r => r.Commune).ShouldBe(["08001", "08002"]);
        file.Refused.ShouldHaveSingleItem().Line.ShouldBe(3);
    }

    [Fact]
    public void Quoted_fields_and_nicknames_in_quotes_are_read()
    {
        var file = Read(Edition.Of2022(Aline with { Name = "\"MARTEL; \"\"DIT\"\"\"" }, Basile with { Given = "Basile \"Zigue\" Jean" }));

        file.Rows.Select(r => r.Name).ShouldBe(["MARTEL; \"DIT\" Aline", "LE GOËN Basile \"Zigue\" Jean"]);
    }

    [Fact]
    public void Names_are_tidied_and_unreadable_ones_refused()
    {
        var file = Read(Edition.Of2022(Aline with { Name = "  DE  LA\u00A0TOUR " }, Basile with { Name = "E\u0301LOI" }, Basile with { Name = "LE\u0001GOEN" }, Basile with { Name = "" }, Basile with { Name = new string('A', 101) }));

        file.Rows.Select(r => r.FamilyName).ShouldBe(["DE LA TOUR", "ÉLOI"]);
        file.Refused.Select(r => r.Line).ShouldBe([4, 5, 6]);
    }

    [Fact]
    public void Rows_about_other_functions_are_passed_over_and_counted()
    {
        var header = Edition.Header2022 + ";Libellé de la fonction";
        var file = Read($"{header}\n{Edition.Row2022(Aline)};Maire\n{Edition.Row2022(Basile)};2ème adjoint au Maire\n{Edition.Row2022(Basile)};\n");

        file.Rows.ShouldHaveSingleItem().Commune.ShouldBe("08001");
        file.OtherFunctions.ShouldBe(2);
        file.Count.ShouldBe(3);
    }

    [Fact]
    public void A_birth_key_needs_the_secret_and_tells_no_date()
    {
        var day = new DateOnly(1960, 2, 3);
        var key = new BirthKeys(Secret).Of("D'ÉLOUGES", day);

        key.ShouldBe(new BirthKeys(Secret).Of("d elouges", day));
        key.ShouldNotBe(new BirthKeys(new byte[32]).Of("D'ÉLOUGES", day));
        key.ShouldNotBe(new BirthKeys(Secret).Of("D'ÉLOUGES", day.AddDays(1)));
        key.ShouldNotBe(new BirthKeys(Secret).Of("LE GOËN", day));
        key.Length.ShouldBe(22);
    }

    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static RegisterFile Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static RegisterFile Read(byte[] bytes) =>
        new RegisterReader(new BirthKeys(Secret), new(2026, 11, 23), new Progress<ImportProgress>()).Read(RegisterText.Decode(bytes), CancellationToken.None);
}
