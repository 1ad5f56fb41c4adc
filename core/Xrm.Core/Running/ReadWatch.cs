using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Notes what was read, as guards that it is still so.</summary>
internal sealed class ReadWatch
{
    private readonly Lock _lock = new();
    private readonly HashSet<Guard> _guards = [];

    public IReadOnlyCollection<Guard> Guards
    {
        get
        {
            lock (_lock)
                return [.. _guards];
        }
    }

    public void Note(Guard guard)
    {
        lock (_lock)
            _guards.Add(guard);
    }

    /// <summary>Notes every type that a query looks at.</summary>
    public void Note(Query query, CompiledModel model, long block)
    {
        if (model.Type(query.Type) is not { } type)
            return;
        Type(type, block);
        if (query.Filter is { } filter)
            Note(filter, [type], block);
        foreach (var include in query.Includes)
            Note(include, [type], block);
    }

    private void Note(Filter filter, IEnumerable<ModelType> types, long block)
    {
        switch (filter)
        {
            case Filter.And and:
                foreach (var part in and.Filters)
                    Note(part, types, block);
                break;
            case Filter.Or or:
                foreach (var part in or.Filters)
                    Note(part, types, block);
                break;
            case Filter.Not not:
                Note(not.Filter, types, block);
                break;
            case Filter.Through through:
                foreach (var far in Ends(types, through.End, block))
                    if (through.Node is { } node)
                        Note(node, [far], block);
                break;
        }
    }

    private void Note(Include include, IEnumerable<ModelType> types, long block)
    {
        foreach (var far in Ends(types, include.End, block))
            foreach (var with in include.With)
                Note(with, [far], block);
    }

    private HashSet<ModelType> Ends(IEnumerable<ModelType> types, string name, long block)
    {
        var fars = new HashSet<ModelType>();
        foreach (var type in types)
            if (type.EndsByName.TryGetValue(name, out var end))
            {
                Type(end.Relationship, block);
                foreach (var far in end.Far)
                    if (fars.Add(far))
                        Type(far, block);
            }
        return fars;
    }

    private void Type(RecordType type, long block) => Note(new Guard.TypeIsUnchanged(type, block));
}
