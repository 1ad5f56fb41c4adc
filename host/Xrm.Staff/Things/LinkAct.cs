namespace Xrm.Staff.Things;

/// <summary>What is done to a relationship.</summary>
public enum LinkAct
{
    /// <summary>It holds no more from a day on.</summary>
    End,
    /// <summary>Its period or its own fields become others.</summary>
    Change,
    /// <summary>It is taken away as if it had been a mistake.</summary>
    Remove,
}
