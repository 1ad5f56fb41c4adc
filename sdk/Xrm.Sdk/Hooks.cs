using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>Every place where a plugin takes part. One instance for each plugin; all it holds goes when the plugin goes.</summary>
public sealed class Hooks
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, Hook<Func<Saving, CancellationToken, ValueTask>>> _saving = ImmutableDictionary<string, Hook<Func<Saving, CancellationToken, ValueTask>>>.Empty;
    private ImmutableDictionary<string, Hook<Func<Receipt, CancellationToken, ValueTask>>> _saved = ImmutableDictionary<string, Hook<Func<Receipt, CancellationToken, ValueTask>>>.Empty;

    /// <summary>Before an entity of a type is made or changed: may refuse with a <see cref="Problem"/>, and may set its fields.</summary>
    public Hook<Func<Saving, CancellationToken, ValueTask>> Saving(EntityType type) => Saving(type.Name);

    /// <summary>After a commit that touched an entity of a type is durable; cannot refuse, and its failures do not reach the caller.</summary>
    public Hook<Func<Receipt, CancellationToken, ValueTask>> Saved(EntityType type) => Saved(type.Name);

    /// <summary>File formats that can be imported.</summary>
    public Hook<ImportFormat> Imports { get; } = new();

    /// <summary>The handlers by the type's name; for whoever runs them.</summary>
    public Hook<Func<Saving, CancellationToken, ValueTask>> Saving(string type) => Of(ref _saving, type);

    /// <summary>The handlers by the type's name; for whoever runs them.</summary>
    public Hook<Func<Receipt, CancellationToken, ValueTask>> Saved(string type) => Of(ref _saved, type);

    private Hook<T> Of<T>(ref ImmutableDictionary<string, Hook<T>> hooks, string type) where T : class
    {
        lock (_lock)
        {
            if (!hooks.TryGetValue(type, out var hook))
                hooks = hooks.Add(type, hook = new());
            return hook;
        }
    }
}

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
