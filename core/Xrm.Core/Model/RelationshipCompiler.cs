using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>Ties relationship types to the entity types at their ends.</summary>
internal static class RelationshipCompiler
{
    public static void Complete(ImmutableArray<ModelDescription> descriptions, IReadOnlyDictionary<string, RecordType> records, IReadOnlyList<ModelType> types, ModelFaults faults)
    {
        foreach (var description in descriptions)
            foreach (var said in description.RelationshipTypes)
                if (records.GetValueOrDefault(said.Name) is ModelRelationship relationship && relationship.Plugin == description.Plugin)
                    Complete(relationship, said, records, faults);
        foreach (var type in types)
            type.EndsByName = type.Ends.DistinctBy(e => e.Name).ToFrozenDictionary(e => e.Name, StringComparer.Ordinal);
        TellCycles(types, faults);
    }

    private static void Complete(ModelRelationship relationship, RelationshipTypeDescription said, IReadOnlyDictionary<string, RecordType> records, ModelFaults faults)
    {
        var source = End(relationship, said.Source, true, records, faults);
        relationship.Source = source;
        if (said.IsSymmetric)
        {
            if (!said.Source.Types.ToHashSet(StringComparer.Ordinal).SetEquals(said.Target.Types))
                faults.Add(relationship.Plugin, relationship.Name, "symmetric", "une relation symétrique a les mêmes types aux deux bouts.", "a symmetric relationship has the same types at both ends.");
            relationship.Target = source;
            source.Far = source.Types;
        }
        else
        {
            var target = End(relationship, said.Target, false, records, faults);
            relationship.Target = target;
            source.Far = target.Types;
            target.Far = source.Types;
        }
        Attach(source, faults);
        if (!said.IsSymmetric)
            Attach(relationship.Target, faults);
    }

    private static ModelEnd End(ModelRelationship relationship, EndDescription said, bool isSource, IReadOnlyDictionary<string, RecordType> records, ModelFaults faults)
    {
        var where = $"{relationship.Name}.{(isSource ? "source" : "target")}";
        var types = ImmutableArray.CreateBuilder<ModelType>();
        if (said.Types.IsEmpty)
            faults.Add(relationship.Plugin, where, "end", "ce bout ne nomme aucun type.", "this end names no type.");
        foreach (var name in said.Types.Distinct())
            if (records.GetValueOrDefault(name) is ModelType type)
                types.Add(type);
            else
                faults.Add(relationship.Plugin, where, "unknown", $"le type {name} n'existe pas.", $"there is no entity type {name}.");
        if (!ModelNames.IsCamel(said.Name))
            faults.Add(relationship.Plugin, where, "name", $"« {said.Name} » doit commencer par une minuscule et n'avoir que lettres et chiffres.", $"\"{said.Name}\" must be lower camel case.");
        faults.AddLabel(relationship.Plugin, where, said.Label);
        return new ModelEnd
        {
            Relationship = relationship, IsSource = isSource, Name = said.Name, Label = said.Label,
            IsToOne = said.IsToOne, IsRequired = said.IsRequired, OnDelete = said.OnDelete, Types = types.ToImmutable(),
        };
    }

    private static void Attach(ModelEnd end, ModelFaults faults)
    {
        var plugin = end.Relationship.Plugin;
        foreach (var type in end.Types)
        {
            var where = $"{type.Name}.{end.Name}";
            if (ModelNames.IsReservedField(end.Name, false))
                faults.Add(plugin, where, "clash", "ce nom est réservé au cœur.", "this name is the core's own.");
            foreach (var name in end.IsToOne ? (string[])[end.Name, end.Name + "Links"] : [end.Name])
            {
                if (type.ByName.TryGetValue(name, out var field) && field.Builtin == Builtin.None)
                    faults.Add(plugin, where, "clash", $"{type.Name} a déjà un champ {name}.", $"{type.Name} already has a field {name}.");
                if (type.Ends.FirstOrDefault(e => e.Name == name || e.IsToOne && e.Name + "Links" == name) is { } other)
                    faults.Add(plugin, where, "clash", $"{other.Relationship.Name} donne déjà {name} à {type.Name}.", $"{other.Relationship.Name} already gives {name} to {type.Name}.");
            }
            type.Ends = type.Ends.Add(end);
        }
    }

    /// <summary>A type can be made when each of its required to-one ends can lead to a type that can be made; the others need each other in a circle.</summary>
    private static void TellCycles(IReadOnlyList<ModelType> types, ModelFaults faults)
    {
        var makeable = new HashSet<ModelType>();
        while (types.Any(t => !makeable.Contains(t) && Needs(t).All(e => e.Far.Any(makeable.Contains)) && makeable.Add(t)))
        {
        }
        foreach (var type in types.Where(t => !makeable.Contains(t)))
            foreach (var end in Needs(type).Where(e => !e.Far.Any(makeable.Contains)))
                if (end.Far.IsEmpty)
                    faults.Add(end.Relationship.Plugin, $"{type.Name}.{end.Name}", "required", "ce bout obligatoire ne mène à aucun type.", "this required end leads to no type.");
                else
                    faults.Add(end.Relationship.Plugin, $"{type.Name}.{end.Name}", "cycle",
                        $"aucune fiche {type.Name} ne pourrait être la première : elle demande {string.Join(" ou ", end.Far.Select(t => t.Name))}, qui la demande à son tour.",
                        $"no {type.Name} could be the first: it needs {string.Join(" or ", end.Far.Select(t => t.Name))}, which needs it in turn.");

        static IEnumerable<ModelEnd> Needs(ModelType type) => type.Ends.Where(e => e is { IsRequired: true, IsToOne: true });
    }
}
