using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>Says what putting descriptions in force would do, to the model and to the data there are. Nothing is done, and nobody waits for it.</summary>
internal static class ModelPlanner
{
    /// <summary>Plans.</summary>
    /// <param name="descriptions">As in <see cref="ModelChange.Descriptions"/>.</param>
    /// <param name="migrates">Whether data change in the same commit: then what they break now is told on its line, and is a reason to refuse only if it still does when the model is put in force.</param>
    public static async ValueTask<ModelPlan> Plan(Engine engine, ImmutableArray<ModelDescription> descriptions, bool migrates, CancellationToken cancellation)
    {
        using var reader = engine.Read(Actor.System);
        var before = reader.Model;
        var said = EffectiveModel.WithCustom(descriptions, before);
        var refusals = ImmutableArray.CreateBuilder<Fault>();
        CompiledModel? after = null;
        try
        {
            after = ModelCompiler.Compile(said, before);
        }
        catch (Problem problem)
        {
            refusals.AddRange(problem.Faults);
        }
        var survey = new DataSurvey(before.Whole, reader.Read);
        var lines = new PlanLines(before, after?.Effective ?? EffectiveModel.Of(said, new()), after, survey);
        await survey.Run(cancellation);
        IReadOnlyList<Breach> breaches = [];
        if (after is not null && NewRules.Between(before, after) is { IsEmpty: false } rules)
            breaches = (await rules.Check(reader.Read, reader.Block, [], cancellation)).Found;
        if (!migrates)
            refusals.AddRange(breaches.Select(b => b.Fault));
        return new(before.Fingerprint, lines.All(breaches), refusals.ToImmutable(), refusals.Count == 0 ? after : null);
    }

    /// <summary>The same where data stay as they are.</summary>
    public static ValueTask<ModelPlan> Plan(Engine engine, ImmutableArray<ModelDescription> descriptions, CancellationToken cancellation) =>
        Plan(engine, descriptions, false, cancellation);
}
