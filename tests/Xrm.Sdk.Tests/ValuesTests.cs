namespace Xrm.Sdk.Tests;

public class ValuesTests
{
    [Fact]
    public void Of_a_name_that_comes_twice_the_last_holds_in_the_place_of_the_first()
    {
        var values = Values.Of(("a", 1), ("b", 2), ("a", 3), ("c", null), ("b", null));

        values.ShouldBe([new("a", 3), new("b", null), new("c", null)]);
        values.Count.ShouldBe(3);
    }

    [Fact]
    public void What_is_made_of_a_list_does_not_change_with_it()
    {
        (string, object?)[] pairs = [("a", 1)];
        var values = Values.Of(pairs);

        pairs[0] = ("a", 2);

        values.ShouldBe([new("a", 1)]);
        Values.Of().ShouldBe(Values.None);
    }
}
