using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>Collects what is wrong with a model, so that all of it is told at once.</summary>
internal sealed class ModelFaults
{
    private readonly List<Fault> _faults = [];

    public bool Any => _faults.Count > 0;

    /// <summary>What was noted so far.</summary>
    public ImmutableArray<Fault> All => [.. _faults];

    /// <summary>Notes a fault.</summary>
    /// <param name="plugin">Whose description has it.</param>
    /// <param name="where">Type, or type and field: <c>Person.familyName</c>; empty when it is about the whole.</param>
    /// <param name="rule">A short word for the case.</param>
    public void Add(string plugin, string where, string rule, string fr, string en)
    {
        var at = where.Length == 0 ? "" : $", {where}";
        var who = plugin == EffectiveModel.Custom ? Label.Of("Champs personnalisés", "Custom fields") : Label.Of($"Module {plugin}", $"Plugin {plugin}");
        _faults.Add(new Fault(ProblemCode.Invalid, Label.Of($"{who.Fr}{at} : {fr}", $"{who.En}{at}: {en}"), where.Length == 0 ? plugin : $"{plugin}/{where}", rule));
    }

    public void AddLabel(string plugin, string where, Label? label)
    {
        if (label is null || string.IsNullOrWhiteSpace(label.Fr) || string.IsNullOrWhiteSpace(label.En))
            Add(plugin, where, "label", "le libellé manque en français ou en anglais.", "the label is missing in French or in English.");
    }

    /// <exception cref="Problem">Invalid: something was noted.</exception>
    public void ThrowIfAny()
    {
        if (Any)
            throw new Problem(_faults);
    }
}
