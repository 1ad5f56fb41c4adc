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
}
