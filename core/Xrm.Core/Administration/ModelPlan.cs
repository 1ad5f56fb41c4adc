using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>What putting descriptions in force would do to the model and to data that are there.</summary>
/// <param name="On">The fingerprint of the model it was made on.</param>
/// <param name="Lines">What becomes of types, fields, lists and roles.</param>
/// <param name="Refusals">Every fault of the model and of data under it; empty when it could be put in force.</param>
/// <param name="Model">The model that would be in force; null when it is refused.</param>
internal sealed record ModelPlan(string On, ImmutableArray<PlanLine> Lines, ImmutableArray<Fault> Refusals, CompiledModel? Model);
