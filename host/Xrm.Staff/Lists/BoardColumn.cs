using Xrm.Sdk;

namespace Xrm.Staff.Lists;

/// <summary>The things of a board that have one value, of which the first are brought.</summary>
/// <param name="value">null = those that have none.</param>
internal sealed class BoardColumn(string? value, Label label)
{
    public string? Value => value;
    public Label Label => label;
    public int Count { get; set; }
    public List<ListRow> Rows { get; } = [];
    /// <summary>As far as it was unfolded: so many are brought whenever the board is.</summary>
    public int Wanted { get; set; }
    /// <summary>Where the next page begins.</summary>
    public string? After { get; set; }
    public bool HasMore { get; set; }
    public bool IsBusy { get; set; }

    /// <summary>What asks for its things alone.</summary>
    public Filter Where(string field) => new Filter.Compare(field, Comparison.Equal, value);
}

/// <summary>Where a thing of a board can go.</summary>
/// <param name="Move">The move of a state that leads there; null = the value is set.</param>
/// <param name="Label">What the button says.</param>
internal sealed record BoardTarget(string? Value, Move? Move, Label Label);
