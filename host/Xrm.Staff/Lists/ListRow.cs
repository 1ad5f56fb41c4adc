using System.Collections.Immutable;
using Xrm.Staff.Door;

namespace Xrm.Staff.Lists;

/// <summary>A thing as a line of a list: made once when it comes, since lines are drawn again and again while one scrolls.</summary>
/// <param name="Index">Its place in the list, from 0.</param>
/// <param name="Address">Of its page.</param>
/// <param name="IsPast">Whether it is over.</param>
internal sealed record ListRow(int Index, Sheet Sheet, string Name, string Address, ImmutableArray<ListCell> Cells, bool IsPast);

/// <summary>What stands in a column of a line.</summary>
/// <param name="Parts">The values, one after the other.</param>
/// <param name="More">How many there are that are not brought.</param>
internal readonly record struct ListCell(ImmutableArray<ListPart> Parts, int More)
{
    public static readonly ListCell Empty = new([], 0);
}

/// <summary>One value.</summary>
/// <param name="Address">Of the page of the thing that it names; null when it names none.</param>
internal readonly record struct ListPart(string Text, string? Address);
