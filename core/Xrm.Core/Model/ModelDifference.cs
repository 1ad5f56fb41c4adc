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
        // What is the same object on both sides says the same there.
        var same = before.Intersect(after, ReferenceEqualityComparer.Instance).ToHashSet(ReferenceEqualityComparer.Instance);
        var old = Parts(before.Where(d => !same.Contains(d)));
        var now = Parts(after.Where(d => !same.Contains(d)));
        return new(
            [.. now.Keys.Where(k => !old.ContainsKey(k))],
            [.. old.Keys.Where(k => !now.ContainsKey(k))],
            [.. now.Where(p => old.TryGetValue(p.Key, out var was) && !was.IsSame(p.Value)).Select(p => p.Key)]);
    }

    /// <summary>Each part of the descriptions, those of its fields apart.</summary>
    private static SortedDictionary<string, Part> Parts(IEnumerable<ModelDescription> descriptions)
    {
        var parts = new SortedDictionary<string, Part>(StringComparer.Ordinal);
        foreach (var description in descriptions)
        {
            var empty = new ModelDescription(description.Plugin);
            foreach (var type in description.EntityTypes)
            {
                parts[type.Name] = new(type, () => empty with { EntityTypes = [type with { Fields = [] }] });
                Fields(type.Name, type.Fields, empty);
            }
            foreach (var type in description.RelationshipTypes)
            {
                parts[type.Name] = new(type, () => empty with { RelationshipTypes = [type with { Fields = [] }] });
                Fields(type.Name, type.Fields, empty);
            }
            foreach (var extension in description.Extensions)
                Fields(extension.Type, extension.Fields, empty);
            foreach (var list in description.CodeLists)
                parts[$"{description.Plugin}/{list.Name}"] = new(list, () => empty with { CodeLists = [list] });
            foreach (var role in description.Roles)
                parts[$"{description.Plugin}/{role.Name}"] = new(role, () => empty with { Roles = [role] });
        }
        return parts;

        void Fields(string type, ImmutableArray<FieldDescription> fields, ModelDescription empty)
        {
            foreach (var field in fields)
                parts[$"{type}.{field.Name}"] = new(field, () => empty with { Extensions = [new(type, [field])] });
        }
    }

    /// <param name="Said">The object that says it.</param>
    /// <param name="Alone">A description of that alone.</param>
    private sealed record Part(object Said, Func<ModelDescription> Alone)
    {
        public bool IsSame(Part other) => ReferenceEquals(Said, other.Said) || ModelJson.ToJson(Alone()) == ModelJson.ToJson(other.Alone());
    }
}
