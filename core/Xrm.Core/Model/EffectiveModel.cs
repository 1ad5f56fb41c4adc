using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>What descriptions come to when they stand together: parts for plugins that are there are in, other words are in place, and custom fields are those whose types are there.</summary>
internal static class EffectiveModel
{
    /// <summary>The id under which an authority's own fields stand among the descriptions; their names begin with <c>x_</c>.</summary>
    public const string Custom = "x";

    public static ImmutableArray<ModelDescription> Of(ImmutableArray<ModelDescription> said, ModelFaults faults)
    {
        var there = said.Select(d => d.Plugin).ToHashSet(StringComparer.Ordinal);
        var merged = said.Select(d => WithOptional(d, there)).ToArray();
        var types = merged.SelectMany(d => d.EntityTypes.Select(t => t.Name).Concat(d.RelationshipTypes.Select(t => t.Name))).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < merged.Length; i++)
            if (merged[i].Plugin == Custom)
                merged[i] = CustomFields(merged[i], types, merged);
        var labels = new Dictionary<string, Label>(StringComparer.Ordinal);
        foreach (var description in merged)
            foreach (var label in description.Labels)
                labels[label.Target] = label.Label;
        return labels.Count == 0 ? [.. merged] : Relabelled(merged, labels, faults);
    }

    /// <summary>Descriptions with the custom fields that a model has, where they say nothing of custom fields themselves.</summary>
    public static ImmutableArray<ModelDescription> WithCustom(ImmutableArray<ModelDescription> descriptions, CompiledModel model) =>
        descriptions.Any(d => d.Plugin == Custom) || model.Descriptions.FirstOrDefault(d => d.Plugin == Custom) is not { } custom
            ? descriptions
            : descriptions.Add(custom);

    private static ModelDescription WithOptional(ModelDescription description, HashSet<string> there)
    {
        if (description.Optional.IsEmpty)
            return description;
        var whole = description with { Optional = [] };
        foreach (var (plugin, part) in description.Optional)
            if (there.Contains(plugin))
            {
                var more = WithOptional(part, there);
                whole = whole with
                {
                    EntityTypes = whole.EntityTypes.AddRange(more.EntityTypes),
                    RelationshipTypes = whole.RelationshipTypes.AddRange(more.RelationshipTypes),
                    Extensions = whole.Extensions.AddRange(more.Extensions),
                    CodeLists = whole.CodeLists.AddRange(more.CodeLists),
                    Roles = whole.Roles.AddRange(more.Roles),
                    Labels = whole.Labels.AddRange(more.Labels),
                    PersonalData = whole.PersonalData.AddRange(more.PersonalData),
                };
            }
        return whole;
    }

    /// <summary>Those of types that are there and of field types that somebody brings; the others wait.</summary>
    private static ModelDescription CustomFields(ModelDescription custom, HashSet<string> types, ModelDescription[] all)
    {
        var brought = all.Where(d => d.Plugin != Custom).SelectMany(Fields).Select(f => f.Type).DistinctBy(t => t.Name).ToDictionary(t => t.Name, StringComparer.Ordinal);
        return custom with
        {
            Extensions =
            [
                .. custom.Extensions.Where(e => types.Contains(e.Type)).Select(e => e with
                {
                    Fields = [.. e.Fields.Select(f => FieldTypes.Names.Contains(f.Type.Name) ? f : brought.TryGetValue(f.Type.Name, out var real) ? f with { Type = real } : null).OfType<FieldDescription>()],
                }).Where(e => !e.Fields.IsEmpty),
            ],
        };
    }

    private static IEnumerable<FieldDescription> Fields(ModelDescription description) =>
        description.EntityTypes.SelectMany(t => t.Fields).Concat(description.RelationshipTypes.SelectMany(t => t.Fields)).Concat(description.Extensions.SelectMany(e => e.Fields));

    private static ImmutableArray<ModelDescription> Relabelled(ModelDescription[] descriptions, Dictionary<string, Label> labels, ModelFaults faults)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var made = descriptions.Select(Said).ToImmutableArray();
        foreach (var description in descriptions)
            foreach (var label in description.Labels)
            {
                faults.AddLabel(description.Plugin, label.Target, label.Label);
                if (!used.Contains(label.Target))
                    faults.Add(description.Plugin, label.Target, "unknown", "le libellé nomme un type ou un champ qui n'existe pas.", "the label names a type or a field that does not exist.");
            }
        return made;

        // What no other word is given for stays the same object.
        ModelDescription Said(ModelDescription d)
        {
            var types = Mapped(d.EntityTypes, t => Of(t.Name, t.Label) is var label && Each(t.Name, t.Fields) is var fields && (label, fields) == (t.Label, t.Fields) ? t : t with { Label = label, Fields = fields });
            var links = Mapped(d.RelationshipTypes, t => Of(t.Name, t.Label) is var label && Each(t.Name, t.Fields) is var fields && (label, fields) == (t.Label, t.Fields) ? t : t with { Label = label, Fields = fields });
            var extensions = Mapped(d.Extensions, e => Each(e.Type, e.Fields) is var fields && fields == e.Fields ? e : e with { Fields = fields });
            return (types, links, extensions) == (d.EntityTypes, d.RelationshipTypes, d.Extensions) ? d : d with { EntityTypes = types, RelationshipTypes = links, Extensions = extensions };
        }

        ImmutableArray<FieldDescription> Each(string type, ImmutableArray<FieldDescription> fields) =>
            Mapped(fields, f => Of($"{type}.{f.Name}", f.Label) is var label && label == f.Label ? f : f with { Label = label });

        Label Of(string target, Label label)
        {
            used.Add(target);
            // One that is missing in a language is told of whoever gives it.
            return labels.TryGetValue(target, out var other) && !string.IsNullOrWhiteSpace(other.Fr) && !string.IsNullOrWhiteSpace(other.En) ? other : label;
        }
    }

    /// <summary>The same array when nothing in it is different.</summary>
    private static ImmutableArray<T> Mapped<T>(ImmutableArray<T> items, Func<T, T> map) where T : class
    {
        var mapped = items.Select(map).ToArray();
        return items.AsSpan().SequenceEqual(mapped, ReferenceEqualityComparer.Instance) ? items : [.. mapped];
    }
}
