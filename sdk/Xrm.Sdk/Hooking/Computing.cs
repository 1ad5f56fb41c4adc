using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>One call for the values of a computed field: all entities of a level of a request at once. It lives for that call.</summary>
public sealed class Computing
{
    private readonly object?[] _values;
    private readonly Dictionary<EntityId, int> _places = [];

    /// <summary>Made by the engine, and by tests.</summary>
    /// <param name="entities">Each once, as the plugin sees them.</param>
    /// <param name="today">The authority's day.</param>
    /// <param name="at">The engine's time, UTC.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="xrm">The data in the state that is answered from, with the plugin's rights.</param>
    public Computing(ImmutableArray<Entity> entities, DateOnly today, DateTimeOffset at, Actor actor, IXrm xrm)
    {
        Entities = entities;
        Today = today;
        At = at;
        Actor = actor;
        Xrm = xrm;
        _values = new object?[entities.Length];
        for (var i = 0; i < entities.Length; i++)
            _places[entities[i].Id] = i;
    }

    /// <summary>What values are wanted for, each once, as the plugin sees them.</summary>
    public ImmutableArray<Entity> Entities { get; }
    /// <summary>The authority's day.</summary>
    public DateOnly Today { get; }
    /// <summary>The engine's time, UTC.</summary>
    public DateTimeOffset At { get; }
    /// <summary>Who asks; the value is shown to whoever may see the field.</summary>
    public Actor Actor { get; }
    /// <summary>The data in the state that is answered from, with the plugin's rights.</summary>
    public IXrm Xrm { get; }

    /// <summary>The field's value for one of the entities; one that is given none has no value.</summary>
    /// <exception cref="ArgumentException">The entity is not among those asked for.</exception>
    public void Put<T>(Entity entity, Field<T> field, T value)
    {
        if (!_places.TryGetValue(entity.Id, out var place))
            throw new ArgumentException($"No value was asked for {entity.Id}.", nameof(entity));
        _values[place] = value is null ? null : field.ToValue(value);
    }

    /// <summary>What was put for the entity at a place, in the CLR form of the field's shape; for whoever asked.</summary>
    public object? ValueAt(int index) => _values[index];
}
