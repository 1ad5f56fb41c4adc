using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>What becomes of the things of one type when a plugin is updated. All migrations of an update are one commit together with the new model: done whole or not at all.</summary>
/// <param name="To">The version that needs it. It runs when an update leads from an earlier version to this one or a later one, lower versions first.</param>
/// <param name="What">What it does, as people read it in the plan.</param>
/// <param name="Type">The type, as the new version has it, or one that it no longer has.</param>
/// <param name="Each">Called for each thing of the type; may be called again for the same thing, so it must depend on nothing but the thing and the data.</param>
public sealed record Migration(PluginVersion To, Label What, string Type, Func<Migrating, CancellationToken, ValueTask> Each)
{
    /// <summary>A migration of the things of a type.</summary>
    public static Migration Of(string to, Label what, EntityType type, Action<Migrating> each) => new(PluginVersion.Parse(to), what, type.Name, (thing, _) =>
    {
        each(thing);
        return ValueTask.CompletedTask;
    });
}

/// <summary>One thing on its way from one version of a plugin to another.</summary>
public sealed class Migrating
{
    private readonly List<Edit> _more = [];

    /// <summary>Made by the engine, and by tests.</summary>
    /// <param name="entity">The thing as it is, values of fields that are no more included, by their names.</param>
    /// <param name="set">What earlier migrations of the same update set.</param>
    /// <param name="xrm">The data as the old version left it, with the plugin's rights.</param>
    public Migrating(Entity entity, Values set, IXrm xrm)
    {
        Entity = entity;
        Set = set;
        Xrm = xrm;
    }

    /// <summary>The thing as it is.</summary>
    public Entity Entity { get; }
    /// <summary>The data as the old version left it.</summary>
    public IXrm Xrm { get; }
    /// <summary>The fields about to be set.</summary>
    public Values Set { get; private set; }
    /// <summary>Whether it is to be deleted.</summary>
    public bool IsDeleted { get; private set; }
    /// <summary>What is done besides.</summary>
    public ImmutableArray<Edit> More => [.. _more];

    /// <summary>The value of a field that the new version no longer has, in the CLR form of its shape; null when it is empty.</summary>
    public object? Old(string field) => Entity.Values.TryGet(field, out var value) ? value : null;

    /// <summary>A field's value to be; the default (null) when it is or will be empty.</summary>
    public T? Get<T>(Field<T> field) =>
        Set.TryGet(field.Name, out var value) ? value is null ? default : field.FromValue(value) : Entity.Get(field);

    /// <summary>Sets a field.</summary>
    public void Put<T>(Field<T> field, T value) => Set = Set.With(field, value);

    /// <summary>Empties a field.</summary>
    public void Clear(Field field) => Set = Set.With(field.Name, null);

    /// <summary>Deletes the thing; what happens to its relationships is their types' rule.</summary>
    public void Delete() => IsDeleted = true;

    /// <summary>Does something else in the same commit: makes a thing, relates two. Ids must follow from the thing (<see cref="IdOf"/>), so that a second run makes nothing twice.</summary>
    public void And(Edit edit) => _more.Add(edit);

    /// <summary>An id that follows from this thing and a name: the same each time.</summary>
    public EntityId IdOf(string name) => EntityId.Derived(Entity.Id, name);
}
