using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>Collects what is wrong with a commit, so that all of it is told at once, in the order of the edits.</summary>
internal sealed class CommitFaults
{
    /// <summary>So many are told; a broken import would tell hundreds of thousands.</summary>
    private const int Most = 1000;
    private readonly List<Fault> _faults = [];

    public bool Any => _faults.Count > 0;

    public void Add(Fault fault)
    {
        if (_faults.Count < Most)
            _faults.Add(fault);
    }

    public void Invalid(int edit, string? field, string rule, string fr, string en) => Add(new Fault(ProblemCode.Invalid, Label.Of(fr, en), field, rule) { Edit = edit });

    public void Invalid(int edit, string? field, ValueFault refusal) => Add(new Fault(ProblemCode.Invalid, refusal.Message, field, refusal.Rule) { Edit = edit });

    /// <summary>No such thing, or none that the actor may see: the same words for both.</summary>
    public void NotFound(int edit, string? field, RecordType? type, Guid id) =>
        Add(new Fault(ProblemCode.NotFound, Label.Of($"{type?.Label.Fr ?? "Fiche"} introuvable : {id}.", $"{type?.Label.En ?? "Thing"} not found: {id}."), field) { Edit = edit });

    public void Forbidden(int edit, string? field, RecordType type) =>
        Add(new Fault(ProblemCode.Forbidden, field is null
            ? Label.Of($"Vos droits ne permettent pas cette modification ({type.Label.Fr}).", $"Your rights do not allow this change ({type.Label.En}).")
            : Label.Of($"Vos droits ne permettent pas de modifier {type.Name}.{field}.", $"Your rights do not allow changing {type.Name}.{field}."), field) { Edit = edit });

    /// <summary>What is parked is read-only until whoever described it does so again.</summary>
    /// <param name="what">The type, or the field.</param>
    /// <param name="plugin">Whose it is.</param>
    public void Parked(int edit, string? field, CompiledModel model, string what, string plugin)
    {
        var until = plugin == EffectiveModel.Custom ? Label.Of("qu'un administrateur les rétablisse", "an administrator brings them back")
            : model.Descriptions.Any(d => d.Plugin == plugin) ? Label.Of($"que le module {plugin} les décrive à nouveau", $"plugin {plugin} describes them again")
            : Label.Of($"que le module {plugin} soit réinstallé ou réactivé", $"plugin {plugin} is installed or enabled again");
        Invalid(edit, field, "parked", $"Les données de {what} sont gardées, en lecture seule, jusqu'à ce {until.Fr}.", $"The data of {what} are parked, read-only, until {until.En}.");
    }

    /// <summary>The one bit that must be told: something stands in the way, of which no more is said.</summary>
    public void Taken(int edit, string? field, string rule, string fr, string en) => Invalid(edit, field, rule, fr, en);

    /// <exception cref="Problem">Something was noted.</exception>
    public void ThrowIfAny()
    {
        if (Any)
            throw new Problem(_faults.OrderBy(f => f.Edit ?? -1));
    }
}
