using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Holds what a plugin says of the model against what its manifest said before its code was loaded.</summary>
internal static class Description
{
    /// <exception cref="Problem">Invalid: they differ; the message names where.</exception>
    public static void Compare(ModelDescription described, ModelDescription promised)
    {
        if (ModelJson.ToJson(described) == ModelJson.ToJson(promised))
            return;
        var (now, before) = (Parts(described), Parts(promised));
        var differing = now.Keys.Union(before.Keys)
            .Where(name => now.GetValueOrDefault(name) != before.GetValueOrDefault(name))
            .Order(StringComparer.Ordinal)
            .ToImmutableArray();
        var names = differing.IsEmpty ? "" : $" ({string.Join(", ", differing)})";
        throw new Problem(ProblemCode.Invalid, Label.Of(
            $"Le module décrit autre chose que son manifeste{names}. Le paquet n'est pas ce qu'il annonce : demandez-en un autre à son auteur.",
            $"The plugin describes something else than its manifest{names}. The package is not what it says: ask its author for another."));
    }

    private static Dictionary<string, string> Parts(ModelDescription model)
    {
        var empty = new ModelDescription(model.Plugin);
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        void Add(string name, ModelDescription part) => parts[name] = parts.GetValueOrDefault(name) + ModelJson.ToJson(part);
        foreach (var type in model.EntityTypes)
            Add(type.Name, empty with { EntityTypes = [type] });
        foreach (var type in model.RelationshipTypes)
            Add(type.Name, empty with { RelationshipTypes = [type] });
        foreach (var extension in model.Extensions)
            Add(extension.Type, empty with { Extensions = [extension] });
        foreach (var list in model.CodeLists)
            Add(list.Name, empty with { CodeLists = [list] });
        foreach (var role in model.Roles)
            Add(role.Name, empty with { Roles = [role] });
        return parts;
    }
}
