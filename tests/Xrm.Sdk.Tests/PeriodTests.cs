namespace Xrm.Sdk.Tests;

public class PeriodTests
{
    private static Period Of(string? from, string? to) => new(from is null ? null : DateOnly.Parse(from, null), to is null ? null : DateOnly.Parse(to, null));

    [Theory]
    [InlineData("2020-01-01", "2020-02-01", "2020-01-01", true)]
    [InlineData("2020-01-01", "2020-02-01", "2020-02-01", false)]
    [InlineData(null, "2020-02-01", "1900-01-01", true)]
    [InlineData("2020-01-01", null, "2019-12-31", false)]
    [InlineData("2020-01-01", "2020-01-01", "2020-01-01", false)]
    public void The_first_day_is_in_it_and_the_last_is_not(string? from, string? to, string day, bool holds) =>
        Of(from, to).Contains(DateOnly.Parse(day, null)).ShouldBe(holds);

    [Theory]
    [InlineData("2020-01-01", "2020-02-01", "2020-02-01", "2020-03-01", false)]
    [InlineData("2020-01-01", "2020-02-02", "2020-02-01", null, true)]
    [InlineData("2020-01-15", "2020-01-15", null, null, false)]
    [InlineData(null, null, null, null, true)]
    public void Two_periods_meet_when_a_day_is_in_both(string? from1, string? to1, string? from2, string? to2, bool meet)
    {
        Of(from1, to1).Overlaps(Of(from2, to2)).ShouldBe(meet);
        Of(from2, to2).Overlaps(Of(from1, to1)).ShouldBe(meet);
        if (meet)
            Of(from1, to1).And(Of(from2, to2)).IsEmpty.ShouldBeFalse();
    }
}
