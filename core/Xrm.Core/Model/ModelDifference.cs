using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>What a model has that another does not: type names (<c>Person</c>), field names (<c>Person.email</c>) and, of roles and code lists, theirs.</summary>
/// <param name="Added">In the second alone.</param>
/// <param name="Removed">In the first alone; their data is parked.</param>
/// <param name="Changed">In both, said differently.</param>
internal sealed record ModelDifference(ImmutableArray<string> Added, ImmutableArray<string> Removed, ImmutableArray<string> Changed)
{
    /// <summary>Whether nothing is different.</summary>
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty && Changed.IsEmpty;

    public static ModelDifference Between(ImmutableArray<ModelDescription> before, ImmutableArray<ModelDescription> after)
    {
        var old = Parts(before);
        var now = Parts(after);
        return new(
            [.. now.Keys.Where(k => !old.ContainsKey(k))],
            [.. old.Keys.Where(k => !now.ContainsKey(k))],
            [.. now.Where(p => old.TryGetValue(p.Key, out var was) && was != p.Value).Select(p => p.Key)]);
    }

    /// <summary>Each part of the descriptions with all that is said of it as JSON, that of its fields apart.</summary>
    private static SortedDictionary<string, string> Parts(ImmutableArray<ModelDescription> descriptions)
    {
        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var description in descriptions)
        {
            var empty = new ModelDescription(description.Plugin);
            foreach (var type in description.EntityTypes)
            {
                parts[type.Name] = Json(empty with { EntityTypes = [type with { Fields = [] }] });
                Fields(type.Name, type.Fields, empty);
            }
            foreach (var type in description.RelationshipTypes)
            {
                parts[type.Name] = Json(empty with { RelationshipTypes = [type with { Fields = [] }] });
                Fields(type.Name, type.Fields, empty);
            }
            foreach (var extension in description.Extensions)
                Fields(extension.Type, extension.Fields, empty);
            foreach (var list in description.CodeLists)
                parts[$"{description.Plugin}/{list.Name}"] = Json(empty with { CodeLists = [list] });
            foreach (var role in description.Roles)
                parts[$"{description.Plugin}/{role.Name}"] = Json(empty with { Roles = [role] });
        }
        return parts;

        static string Json(ModelDescription description) => ModelJson.ToJson(description);

        void Fields(string type, ImmutableArray<FieldDescription> fields, ModelDescription empty)
        {
            foreach (var field in fields)
                parts[$"{type}.{field.Name}"] = Json(empty with { Extensions = [new(type, [field])] });
        }
    }
}
