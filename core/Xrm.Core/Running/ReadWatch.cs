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
        foreach (var type in QueryTypes.Records(query, model))
            Note(new Guard.TypeIsUnchanged(type, block));
    }
}
