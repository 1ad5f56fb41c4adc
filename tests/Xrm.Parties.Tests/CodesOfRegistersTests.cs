using Parties;
using Xrm.Sdk;

namespace Xrm.Parties.Tests;

/// <summary>The test vectors of the domain's documents (§14).</summary>
public class CodesOfRegistersTests
{
    [Theory]
    [InlineData("732829320")]
    [InlineData("552081317")]
    [InlineData("356000000")]
    public void A_siren_with_a_right_check_digit_is_taken(string siren) => Kept(new SirenType(), siren).ShouldBe(siren);

    [Theory]
    [InlineData("732829321")]
    [InlineData("73282932")]
    [InlineData("7328293200")]
    [InlineData("73282932A")]
    [InlineData("")]
    public void A_siren_with_a_wrong_check_digit_or_length_is_refused(string siren) => Fault(new SirenType(), siren).ShouldContain("SIREN");

    [Theory]
    [InlineData("73282932000074")]
    [InlineData("23350001600040")]
    [InlineData("38047555800058")]
    [InlineData("35600000000048")]
    public void A_siret_with_a_right_check_digit_is_taken(string siret) => Kept(new SiretType(), siret).ShouldBe(siret);

    [Fact]
    public void A_siret_of_La_Poste_may_have_a_sum_that_is_a_multiple_of_five_instead() =>
        Kept(new SiretType(), "35600000000001").ShouldBe("35600000000001");

    [Theory]
    [InlineData("73282932000075")]
    [InlineData("35600000000002")]
    [InlineData("732829320000")]
    public void A_siret_with_a_wrong_check_digit_or_length_is_refused(string siret) => Fault(new SiretType(), siret).ShouldContain("SIRET");

    [Fact]
    public void Spaces_in_a_siren_or_siret_are_not_kept()
    {
        Kept(new SirenType(), " 732 829 320").ShouldBe("732829320");
        Kept(new SiretType(), "732 829 320 00074").ShouldBe("73282932000074");
    }

    [Theory]
    [InlineData("W301000624")]
    [InlineData("W9R1011072")]
    [InlineData("W2A1000123")]
    public void An_rna_number_may_hold_a_letter(string rna) => Kept(new RnaType(), rna).ShouldBe(rna);

    [Fact]
    public void An_rna_number_is_kept_in_capitals() => Kept(new RnaType(), "w9r1011072").ShouldBe("W9R1011072");

    [Theory]
    [InlineData("301S0301001688")]
    [InlineData("W12345")]
    [InlineData("W301000624\n5")]
    public void An_old_or_short_rna_number_is_refused(string rna) => Fault(new RnaType(), rna).ShouldContain("RNA");

    [Theory]
    [InlineData("75056")]
    [InlineData("2A004")]
    [InlineData("01004")]
    [InlineData("97411")]
    public void A_commune_code_is_taken(string code) => Kept(new CommuneCodeType(), code).ShouldBe(code);

    [Theory]
    [InlineData("20004")]
    [InlineData("2b033")]
    [InlineData("0100")]
    [InlineData("٠1004")]
    public void What_cannot_be_a_commune_code_is_refused(string code) => Fault(new CommuneCodeType(), code).ShouldContain("INSEE");

    [Fact]
    public void A_postcode_has_five_digits()
    {
        Kept(new PostcodeType(), "08 000").ShouldBe("08000");
        Fault(new PostcodeType(), "8000").ShouldContain("postcode");
        Fault(new PostcodeType(), "2A004").ShouldContain("postcode");
    }

    private static string Kept(FieldType type, string value)
    {
        var kept = type.Check(value, out var fault);
        fault.ShouldBeNull();
        return (string)kept;
    }

    private static string Fault(FieldType type, string value)
    {
        type.Check(value, out var fault);
        return fault.ShouldNotBeNull().En;
    }
}
