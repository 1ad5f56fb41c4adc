using System.Text.Json;
using System.Text.RegularExpressions;

namespace Xrm.Sdk.Tests;

public class FieldTypeTests
{
    private enum Light { Green, LongRed }

    private static object? Kept(FieldType type, object value)
    {
        var kept = type.Check(value, out var fault);
        return fault is null ? kept : null;
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();

    [Theory]
    [InlineData("  Zoé ", "Zoé")]
    [InlineData("E\u0301lise", "\u00C9lise")]
    [InlineData("two\nlines", null)]
    [InlineData("over ten characters", null)]
    public void Text_is_one_trimmed_line_of_normal_form_c(string text, string? kept) => Kept(new TextType(10), text).ShouldBe(kept);

    [Theory]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("a\0b", null)]
    public void Long_text_has_lines_and_no_control_characters(string text, string? kept) => Kept(new LongTextType(), text).ShouldBe(kept);

    [Theory]
    [InlineData("Marie.Durand@Mairie.EXAMPLE.org", "Marie.Durand@mairie.example.org")]
    [InlineData("a@b", null)]
    [InlineData("a b@example.org", null)]
    [InlineData("@example.org", null)]
    public void An_email_address_keeps_its_name_and_lowers_its_domain(string text, string? kept) => Kept(new EmailType(), text).ShouldBe(kept);

    /// <summary>What is usual is told without the expression; both must say the same of whatever there is.</summary>
    [Fact]
    public void An_email_address_is_what_the_expression_says()
    {
        var rule = new Regex(@"^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[\p{L}\d]([\p{L}\d-]*[\p{L}\d])?(\.[\p{L}\d]([\p{L}\d-]*[\p{L}\d])?)+$", RegexOptions.CultureInvariant);
        var good = 0;
        foreach (var text in Random("aZ0é_+-!..@", 100_000, "b@c.d"))
        {
            var isGood = text.LastIndexOf('@') > 0 && rule.IsMatch(text);
            (Kept(new EmailType(), text) is not null).ShouldBe(isGood, text);
            good += isGood ? 1 : 0;
        }
        good.ShouldBeInRange(1_000, 99_000);
    }

    [Theory]
    [InlineData("03 24 00 00 00", "+33324000000")]
    [InlineData("+33 (0)3 24 00 00 00", "+33324000000")]
    [InlineData("0033324000000", "+33324000000")]
    [InlineData("0262 12 34 56", "+262262123456")]
    [InlineData("0590.12.34.56", "+590590123456")]
    [InlineData("0596123456", "+596596123456")]
    [InlineData("12", null)]
    [InlineData("mairie", null)]
    public void A_phone_number_is_kept_as_e164_and_overseas_prefixes_are_not_guessed_as_33(string text, string? kept) => Kept(new PhoneType(), text).ShouldBe(kept);

    /// <summary>The same of phone numbers.</summary>
    [Fact]
    public void A_phone_number_is_what_the_expression_says()
    {
        var good = 0;
        foreach (var text in Random("0123456789٣+ .a", 100_000, "+3312345"))
        {
            var digits = Regex.Replace(text, @"\(0\)|[\s.\-()/]", "");
            digits = digits.StartsWith("00", StringComparison.Ordinal) ? "+" + digits[2..] : digits is ['0', ..] && digits.Length == 10 ? "+33" + digits[1..] : digits;
            var isGood = Regex.IsMatch(digits, @"^\+[1-9]\d{5,14}$");
            (Kept(new PhoneType(), text) is not null).ShouldBe(isGood, text);
            good += isGood ? 1 : 0;
        }
        good.ShouldBeInRange(1_000, 99_000);
    }

    /// <summary>Texts around one that is good: pieces put in, taken out and put in place of others.</summary>
    private static IEnumerable<string> Random(string letters, int count, string good)
    {
        var random = new Random(7);
        for (var i = 0; i < count; i++)
        {
            var text = new System.Text.StringBuilder(good);
            for (var left = random.Next(5); left > 0; left--)
            {
                var at = random.Next(text.Length);
                if (random.Next(3) > 0)
                    text.Remove(at, 1);
                if (text.Length == 0 || random.Next(3) > 0)
                    text.Insert(Math.Min(at, text.Length), letters[random.Next(letters.Length)]);
            }
            yield return text.ToString();
        }
    }

    [Theory]
    [InlineData("https://www.example.org/a", "https://www.example.org/a")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("example.org", null)]
    public void A_url_is_http_or_https(string text, string? kept) => Kept(new UrlType(), text).ShouldBe(kept);

    [Theory]
    [InlineData("12.34", true)]
    [InlineData("12.345", false)]
    public void Money_has_two_decimals(string amount, bool good) =>
        (Kept(new MoneyType(), decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)) is not null).ShouldBe(good);

    [Fact]
    public void A_moment_is_kept_in_utc_to_the_millisecond() =>
        Kept(new DateTimeType(), new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(1)).AddTicks(12_345))
            .ShouldBe(new DateTimeOffset(2026, 3, 1, 11, 0, 0, 1, TimeSpan.Zero));

    [Fact]
    public void A_choice_is_named_in_upper_snake_and_comes_back_as_its_member()
    {
        var type = new ChoiceType<Light>([(Light.Green, Label.Of("Vert", "Green")), (Light.LongRed, Label.Of("Rouge long", "Long red"))]);
        type.ToValue(Light.LongRed).ShouldBe("LONG_RED");
        type.FromValue("LONG_RED").ShouldBe(Light.LongRed);
        Kept(type, "GREEN").ShouldBe("GREEN");
        Kept(type, "BLUE").ShouldBeNull();
    }

    [Fact]
    public void A_point_stands_on_earth()
    {
        var type = new GeoPointType();
        type.FromValue(Kept(type, Json("""{"latitude": 49.7, "longitude": 4.6, "other": 1}"""))!).ShouldBe(new GeoPoint(4.6, 49.7));
        Kept(type, Json("""{"latitude": 91, "longitude": 4.6}""")).ShouldBeNull();
        Kept(type, Json("[4.6, 49.7]")).ShouldBeNull();
    }

    [Fact]
    public void A_shape_is_geojson()
    {
        Kept(new GeoShapeType(), Json("""{"type": "LineString", "coordinates": [[4.6, 49.7], [4.7, 49.8]]}""")).ShouldNotBeNull();
        Kept(new GeoShapeType(), Json("""{"type": "Circle", "coordinates": []}""")).ShouldBeNull();
    }

    [Fact]
    public void A_file_is_named_by_its_hash_and_has_no_folder()
    {
        var type = new FileType();
        var good = new FileReference(new string('a', 64), "acte.pdf", "application/pdf", 12);
        type.FromValue(Kept(type, type.ToValue(good))!).ShouldBe(good);
        Kept(type, type.ToValue(good with { Name = "../acte.pdf" })).ShouldBeNull();
        Kept(type, type.ToValue(good with { Hash = "ab" })).ShouldBeNull();
    }

    [Fact]
    public void Json_is_one_mebibyte_at_most()
    {
        Kept(new JsonType(), Json("{\"a\": [1]}")).ShouldNotBeNull();
        Kept(new JsonType(), Json("\"" + new string('a', 1 << 20) + "\"")).ShouldBeNull();
    }
}
