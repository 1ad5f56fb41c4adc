using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Which types a query looks at: its own, and those that its filter and what it brings along lead to.</summary>
internal static class QueryTypes
{
    /// <summary>Their names, each once; nothing for a type that the model does not have.</summary>
    public static IReadOnlyCollection<string> Of(Query query, CompiledModel model)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var type in Records(query, model))
            found.Add(type.Name);
        return found;
    }

    /// <summary>The record types, each once.</summary>
    public static IReadOnlyCollection<RecordType> Records(Query query, CompiledModel model)
    {
        var found = new HashSet<RecordType>();
        if (model.Type(query.Type) is not { } type)
            return found;
        found.Add(type);
        if (query.Filter is { } filter)
            Note(filter, [type], found);
        foreach (var include in query.Includes)
            Note(include, [type], found);
        return found;
    }

    private static void Note(Filter filter, IEnumerable<ModelType> types, HashSet<RecordType> found)
    {
        switch (filter)
        {
            case Filter.And and:
                foreach (var part in and.Filters)
                    Note(part, types, found);
                break;
            case Filter.Or or:
                foreach (var part in or.Filters)
                    Note(part, types, found);
                break;
            case Filter.Not not:
                Note(not.Filter, types, found);
                break;
            case Filter.Through through:
                foreach (var far in Ends(types, through.End, found))
                {
                    if (through.Node is { } node)
                        Note(node, [far], found);
                }
                break;
        }
    }

    private static void Note(Include include, IEnumerable<ModelType> types, HashSet<RecordType> found)
    {
        foreach (var far in Ends(types, include.End, found))
            foreach (var with in include.With)
                Note(with, [far], found);
    }

    private static HashSet<ModelType> Ends(IEnumerable<ModelType> types, string name, HashSet<RecordType> found)
    {
        var fars = new HashSet<ModelType>();
        foreach (var type in types)
            if (type.EndsByName.TryGetValue(name, out var end))
            {
                found.Add(end.Relationship);
                foreach (var far in end.Far)
                    if (fars.Add(far))
                        found.Add(far);
            }
        return fars;
    }
}
