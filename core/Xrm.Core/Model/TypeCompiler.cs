using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>What an entity type says over its fields: keys, the display name, what moves need.</summary>
internal static class TypeCompiler
{
    public static void Complete(ModelType type, EntityTypeDescription description, ModelFaults faults)
    {
        foreach (var label in (Label?[])[description.PluralLabel])
            if (label is not null)
                faults.AddLabel(type.Plugin, type.Name, label);
        Keys(type, description, faults);
        Display(type, description, faults);
        foreach (var field in type.Fields)
            foreach (var move in field.Description.Type.Moves)
            {
                foreach (var need in move.Needs.Where(n => type.Fields.All(f => f.Name != n)))
                    faults.Add(field.Plugin, field.ToString(), "unknown", $"le passage {move.Name} demande le champ inconnu {need}.", $"the move {move.Name} needs the unknown field {need}.");
                foreach (var need in move.Needs.Where(n => type.Fields.Any(f => f.Name == n && f.Description.IsComputed)))
                    faults.Add(field.Plugin, field.ToString(), "computed", $"le passage {move.Name} demande le champ calculé {need}, que personne ne remplit.", $"the move {move.Name} needs the computed field {need}, which nobody fills in.");
            }
        foreach (var twice in type.Fields.SelectMany(f => f.Description.Type.Moves.Select(m => (Field: f, m.Name))).GroupBy(m => m.Name).Where(g => g.DistinctBy(m => m.Field).Count() > 1))
            faults.Add(twice.First().Field.Plugin, type.Name, "clash", $"deux champs ont un passage {twice.Key}.", $"two fields have a move {twice.Key}.");
    }

    private static void Keys(ModelType type, EntityTypeDescription description, ModelFaults faults)
    {
        var keys = type.Fields.Where(f => f.Description.IsUnique && !f.IsMany && f.Shape != Shape.Json).Select(f => new ModelKey(type, [f])).ToList();
        foreach (var key in description.Keys)
        {
            if (key.IsEmpty || key.Distinct().Count() != key.Length)
            {
                faults.Add(type.Plugin, type.Name, "key", "une clé nomme au moins un champ, et chacun une fois.", "a key names at least one field, and each once.");
                continue;
            }
            var fields = Fields(type, key, "key", Label.Of("la clé", "the key"), faults);
            if (fields.Length == key.Length && keys.All(k => !k.Fields.SequenceEqual(fields)))
                keys.Add(new ModelKey(type, fields));
        }
        type.Keys = [.. keys];
    }

    private static void Display(ModelType type, EntityTypeDescription description, ModelFaults faults)
    {
        if (!description.DisplayFields.IsEmpty)
            type.DisplayFields = Fields(type, description.DisplayFields, "display", Label.Of("le nom affiché", "the display name"), faults);
        else if (type.Fields.FirstOrDefault(f => f is { Shape: Shape.Text, IsMany: false, Codes: null } && f.Description is { IsHidden: false, IsComputed: false }) is { } first)
            type.DisplayFields = [first];
        type.ListFields = description.ListFields.IsEmpty ? type.DisplayFields : Fields(type, description.ListFields, "list", Label.Of("l'ordre des listes", "the order of lists"), faults);
    }

    private static ImmutableArray<ModelField> Fields(ModelType type, ImmutableArray<string> names, string rule, Label what, ModelFaults faults)
    {
        var fields = ImmutableArray.CreateBuilder<ModelField>();
        foreach (var name in names)
            if (type.Fields.FirstOrDefault(f => f.Name == name) is not { } field)
                faults.Add(type.Plugin, $"{type.Name}.{name}", "unknown", $"{what.Fr} nomme un champ qui n'existe pas.", $"{what.En} names a field that does not exist.");
            else if (field.IsMany || field.Shape == Shape.Json || field.Description.IsComputed || rule is "display" or "list" && field.Description.IsHidden)
                faults.Add(type.Plugin, field.ToString(), rule, $"{what.Fr} ne peut nommer ce champ (plusieurs valeurs, JSON, calculé ou caché).", $"{what.En} cannot name this field (many values, JSON, computed or hidden).");
            else
                fields.Add(field);
        return fields.ToImmutable();
    }
}
