using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>What can be done with an authority's own fields.</summary>
internal enum CustomFieldAction
{
    /// <summary>A field is added, or one that was retired comes back with its data.</summary>
    Add,
    /// <summary>Its label, help and sensitivity are others from now on.</summary>
    Relabel,
    /// <summary>It is no longer in force; its data are parked.</summary>
    Retire,
}

/// <summary>What is asked to be done with a custom field.</summary>
/// <param name="Action">What.</param>
/// <param name="Type">The entity or relationship type.</param>
/// <param name="Name">Lower camel case, without the <c>x_</c> that it has in the model.</param>
internal sealed record CustomFieldRequest(CustomFieldAction Action, string Type, string Name)
{
    /// <summary>What is said of it, to add or relabel it; its name is not looked at. Null to retire it.</summary>
    public FieldDescription? Field { get; init; }

    /// <summary>The hash of the plan that was read; see <see cref="PluginRequest.Plan"/>.</summary>
    public string? Plan { get; init; }
}

/// <summary>What doing something with a custom field would do.</summary>
/// <param name="Hash">Names this plan and the model that it was made on.</param>
/// <param name="Lines">What becomes of the model.</param>
/// <param name="Refusals">Why it would be refused; empty when it would be done.</param>
internal sealed record CustomFieldPlan(string Hash, ImmutableArray<PlanLine> Lines, ImmutableArray<Fault> Refusals);
