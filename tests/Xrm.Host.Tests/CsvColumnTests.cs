using Xrm.Host.Csv;
using Xrm.Sdk;

namespace Xrm.Host.Tests;

public class CsvColumnTests
{
    private static readonly CsvColumn InParis = new() { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris") };

    [Theory]
    [InlineData("2020-05-28T10:00:00.5Z", "2020-05-28T10:00:00.5Z")]
    [InlineData("2020-05-28T10:00:00Z", "2020-05-28T10:00:00Z")]
    [InlineData("2020-05-28 10:00:00Z", "2020-05-28T10:00:00Z")]
    [InlineData("2020-05-28T10:00:00+02:00", "2020-05-28T08:00:00Z")]
    [InlineData("2020-05-28T10:00", "2020-05-28T08:00:00Z")]
    [InlineData("28/05/2020", "2020-05-27T22:00:00Z")]
    public void A_moment_is_universal_where_it_says_so_and_the_authoritys_where_it_says_nothing(string text, string moment) =>
        InParis.Read(text, Shape.DateTime, many: false).ShouldBe(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void A_format_of_the_map_comes_before_what_computers_write() =>
        (InParis with { Dates = ["yyyy-MM-dd'T'HH:mm:ss'Z'"] }).Read("2020-05-28T10:00:00Z", Shape.DateTime, many: false).ShouldBe(new DateTimeOffset(2020, 5, 28, 8, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("2020-02-29")]
    [InlineData("2021-02-29")]
    [InlineData("0001-01-01")]
    [InlineData("0000-01-01")]
    [InlineData("9999-12-31")]
    [InlineData("2020-13-01")]
    [InlineData("2020-00-10")]
    [InlineData("2020-04-31")]
    [InlineData("2020-04-00")]
    [InlineData("2020-4-30")]
    [InlineData("2020/04/30")]
    [InlineData("+020-04-30")]
    [InlineData("30/04/2020")]
    [InlineData("\u0662\u0660\u0662\u0660-04-30")]
    public void A_day_is_read_as_dotnet_reads_it_by_the_same_formats(string text)
    {
        var expected = DateOnly.TryParseExact(text, ["yyyy-MM-dd", "dd/MM/yyyy"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) ? day : (DateOnly?)null;
        InParis.Read(text, Shape.Date, many: false).ShouldBe(expected);
    }

    [Theory]
    [InlineData("2020-05-28T00:00:00Z")]
    [InlineData("2020-05-28T23:59:59.9999999Z")]
    [InlineData("2020-05-28T10:00:00.1234567Z")]
    [InlineData("2020-05-28T10:00:00.12Z")]
    [InlineData("2020-05-28T10:00:00.Z")]
    [InlineData("2020-05-28T10:00:00.12345678Z")]
    [InlineData("2020-05-28T24:00:00Z")]
    [InlineData("2020-05-28T10:60:00Z")]
    [InlineData("2020-05-28T10:00:60Z")]
    [InlineData("2021-02-29T10:00:00Z")]
    [InlineData("2020-05-28t10:00:00Z")]
    public void A_universal_moment_is_read_as_dotnet_reads_it_by_its_format(string text)
    {
        var isRead = DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var expected);
        IsoText.TryUniversal(text, out var moment).ShouldBe(isRead && text is not ("2020-05-28T10:00:00.Z" or "2020-05-28t10:00:00Z"));
        if (isRead)
            InParis.Read(text, Shape.DateTime, many: false).ShouldBe(expected);
        if (moment != default)
            moment.ShouldBe(expected);
    }

    [Fact]
    public void A_day_is_read_by_the_maps_own_format_where_that_comes_first() =>
        (InParis with { Dates = ["yyyy-dd-MM"] }).Read("2020-03-04", Shape.Date, many: false).ShouldBe(new DateOnly(2020, 4, 3));
}
