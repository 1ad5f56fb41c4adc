using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>What becomes of a part of the model.</summary>
internal enum PlanKind
{
    /// <summary>It was not there.</summary>
    Added,
    /// <summary>It is said differently.</summary>
    Changed,
    /// <summary>It is no longer in force; its data stay, read-only.</summary>
    Parked,
    /// <summary>It was parked, and its data are there again.</summary>
    Restored,
}

/// <summary>What kind of part.</summary>
internal enum PlanPart
{
    EntityType,
    RelationshipType,
    Field,
    CodeList,
    Role,
}

/// <summary>One line of a plan for the model.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Part">What it is.</param>
/// <param name="Name">Its name: <c>Boat</c>, <c>Boat.name</c>, a list's, a role's.</param>
/// <param name="Plugin">The id of the plugin that says so.</param>
/// <param name="Label">What people read for it.</param>
internal sealed record PlanLine(PlanKind Kind, PlanPart Part, string Name, string Plugin, Label Label)
{
    /// <summary>Whether data can no longer be read or written as before: something is parked that has data, or values that are there would be refused from now on.</summary>
    public bool IsDestructive { get; init; }

    /// <summary>How many things it touches; null where that says nothing.</summary>
    public int? Count { get; init; }

    /// <summary>What there is to say of it besides (what changed, which values would be refused); null when nothing.</summary>
    public Label? Remark { get; init; }

    /// <summary>The same with one more remark behind those it has.</summary>
    public PlanLine With(Label remark) => this with { Remark = Remarks.Joined(Remark is null ? [remark] : [Remark, remark]) };
}
