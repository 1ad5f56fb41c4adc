using System.Collections.Concurrent;
using System.Collections.Immutable;
using Xrm.Core.Access;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>What is in force: a model, the plugins that take part, and all that is made of the two. One reference swaps it; a request keeps the one it began with.</summary>
internal sealed class Force
{
    private readonly ConcurrentDictionary<object, Lazy<object>> _made = new(ReferenceEqualityComparer.Instance);
    private readonly Lazy<Force> _whole;

    public Force(CompiledModel model, ImmutableArray<Attachment> attachments)
    {
        Model = model;
        Attachments = attachments;
        Views = new(model);
        _whole = new(() => ReferenceEquals(model.Whole, model) ? this : new(model.Whole, attachments));
    }

    public CompiledModel Model { get; }
    public AccessViews Views { get; }
    /// <summary>In the order in which they were attached: of the plugins' requirements.</summary>
    public ImmutableArray<Attachment> Attachments { get; }
    /// <summary>The same with parked data in the model: for reading what is kept.</summary>
    public Force Whole => _whole.Value;

    /// <summary>What is made of it, made at the first call.</summary>
    public T Get<T>(Derivation<T> derivation) where T : class => (T)(_made.TryGetValue(derivation, out var made) ? made : Add(derivation)).Value;

    private Lazy<object> Add<T>(Derivation<T> derivation) where T : class => _made.GetOrAdd(derivation, _ => new(() => derivation.Make(this)));
}

/// <summary>Something that is made of what is in force and swapped with it, such as a schema. The object itself is the key.</summary>
internal sealed record Derivation<T>(Func<Force, T> Make) where T : class;

/// <summary>A plugin whose hooks take part.</summary>
/// <param name="Plugin">Its id.</param>
/// <param name="Hooks">What it takes part in.</param>
internal sealed record Attachment(string Plugin, Hooks Hooks)
{
    /// <summary>What people call it; null = as its id.</summary>
    public Label? Title { get; init; }

    /// <summary>What its door is narrowed to; null = nothing.</summary>
    public PluginPermissions? Granted { get; init; }

    /// <summary>How it fares; the same object as long as it runs.</summary>
    public PluginHealth Health { get; init; } = new();

    /// <summary>Who the plugin acts as.</summary>
    public Actor Actor { get; } = Actor.Of("plugin:" + Plugin, Role.Administrator);

    /// <summary>A door as far as the plugin was granted.</summary>
    public IXrm Narrow(IXrm door, Func<CompiledModel> model) => Granted is null ? door : new GrantedDoor(door, Plugin, Granted, model);

    /// <summary>Looks whether the plugin may have a commit made for it.</summary>
    /// <exception cref="Problem">Forbidden: an edit names a type that it may not write.</exception>
    public void CheckWrites(Commit commit, CompiledModel model)
    {
        if (Granted is not null)
            GrantedDoor.CheckWrites(commit, Plugin, Granted, model);
    }
}
