namespace Xrm.Sdk;

/// <summary>An entity on its way into the store, before anything is written. It lives for one call of a handler.</summary>
public sealed class Saving
{
    /// <summary>Made by the engine, and by tests.</summary>
    /// <param name="before">As it is; null when it is being made.</param>
    /// <param name="type">Its type's name.</param>
    /// <param name="id">Its id.</param>
    /// <param name="set">The fields about to be set.</param>
    /// <param name="at">The engine's time, UTC.</param>
    /// <param name="actor">Who saves.</param>
    /// <param name="xrm">The data as this commit found it, with the plugin's rights; what is read here guards the commit.</param>
    public Saving(Entity? before, string type, EntityId id, Values set, DateTimeOffset at, Actor actor, IXrm xrm)
    {
        Before = before;
        Type = type;
        Id = id;
        Set = set;
        At = at;
        Actor = actor;
        Xrm = xrm;
    }

    /// <summary>As it is in the store; null when it is being made.</summary>
    public Entity? Before { get; }
    /// <summary>Its type's name.</summary>
    public string Type { get; }
    /// <summary>Its id.</summary>
    public EntityId Id { get; }
    /// <summary>The fields about to be set, those that handlers set included.</summary>
    public Values Set { get; private set; }
    /// <summary>The engine's time, UTC.</summary>
    public DateTimeOffset At { get; }
    /// <summary>Who saves.</summary>
    public Actor Actor { get; }
    /// <summary>The data as this commit found it; what is read here guards the commit.</summary>
    public IXrm Xrm { get; }

    /// <summary>Whether a field is about to be set.</summary>
    public bool Changed(Field field) => Set.TryGet(field.Name, out _);

    /// <summary>A field's value to be. Setting null does the same as <see cref="Clear"/>.</summary>
    public void Put<T>(Field<T> field, T value) => Set = Set.With(field, value);

    /// <summary>Empties a field.</summary>
    public void Clear(Field field) => Set = Set.With(field.Name, null);

    /// <summary>A field's value to be; the default (null) when it is or will be empty.</summary>
    public T? Get<T>(Field<T> field) =>
        Set.TryGet(field.Name, out var value)
            ? value is null ? default : field.FromValue(value)
            : Before is null ? default : Before.Get(field);
}
