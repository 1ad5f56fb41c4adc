using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>Every place where a running plugin takes part. One instance for each plugin; all it holds goes when the plugin goes.</summary>
/// <remarks>What changes the model (types, fields, field types, computed fields, labels, roles, permissions, the personal-data map) is said in <see cref="Plugin.Describe"/>.</remarks>
public sealed class Hooks
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, Hook<Func<Saving, CancellationToken, ValueTask>>> _saving = ImmutableDictionary<string, Hook<Func<Saving, CancellationToken, ValueTask>>>.Empty;
    private ImmutableDictionary<string, Hook<Func<Receipt, CancellationToken, ValueTask>>> _saved = ImmutableDictionary<string, Hook<Func<Receipt, CancellationToken, ValueTask>>>.Empty;
    private ImmutableDictionary<string, Hook<Func<Computing, CancellationToken, ValueTask>>> _computed = ImmutableDictionary<string, Hook<Func<Computing, CancellationToken, ValueTask>>>.Empty;

    /// <summary>Before an entity of a type is made or changed: may refuse with a <see cref="Problem"/>, and may set its fields.</summary>
    public Hook<Func<Saving, CancellationToken, ValueTask>> Saving(EntityType type) => Saving(type.Name);

    /// <summary>After a commit that touched an entity of a type is durable; cannot refuse, and its failures do not reach the caller.</summary>
    public Hook<Func<Receipt, CancellationToken, ValueTask>> Saved(EntityType type) => Saved(type.Name);

    /// <summary>Gives a field that is <see cref="Field{T}.Computed"/> its values, those of all entities at hand at once.</summary>
    public Hook<Func<Computing, CancellationToken, ValueTask>> Computed(Field field) => Computed($"{field.Owner.TypeName}.{field.Name}");

    /// <summary>Fields of GraphQL that are the plugin's own: on the root or on entities. Looked at when the plugin's part of the model comes into force.</summary>
    public Hook<GraphField> GraphFields { get; } = new();

    /// <summary>What answers HTTP under <c>/plugins/&lt;id&gt;/</c>.</summary>
    public Hook<Endpoint> Endpoints { get; } = new();

    /// <summary>What is done again and again.</summary>
    public Hook<Job> Jobs { get; } = new();

    /// <summary>File formats that can be imported.</summary>
    public Hook<ImportFormat> Imports { get; } = new();

    /// <summary>File formats that can be exported.</summary>
    public Hook<ExportFormat> Exports { get; } = new();

    /// <summary>Invented data with which a demonstration begins.</summary>
    public Hook<SampleData> Samples { get; } = new();

    /// <summary>The handlers by the type's name; for whoever runs them.</summary>
    public Hook<Func<Saving, CancellationToken, ValueTask>> Saving(string type) => Of(ref _saving, type);

    /// <summary>The handlers by the type's name; for whoever runs them.</summary>
    public Hook<Func<Receipt, CancellationToken, ValueTask>> Saved(string type) => Of(ref _saved, type);

    /// <summary>The handlers by type and field (<c>Complaint.age</c>); for whoever runs them.</summary>
    public Hook<Func<Computing, CancellationToken, ValueTask>> Computed(string field) => Of(ref _computed, field);

    /// <summary>The types with Saving handlers, in order; for whoever checks them.</summary>
    public ImmutableArray<string> SavingTypes => Names(ref _saving);

    /// <summary>The types with Saved handlers, in order; for whoever checks them.</summary>
    public ImmutableArray<string> SavedTypes => Names(ref _saved);

    /// <summary>The fields with Computed handlers (<c>Complaint.age</c>), in order; for whoever checks them.</summary>
    public ImmutableArray<string> ComputedFields => Names(ref _computed);

    private ImmutableArray<string> Names<T>(ref ImmutableDictionary<string, Hook<T>> hooks) where T : class
    {
        lock (_lock)
            return [.. hooks.Where(h => !h.Value.Registrations.IsEmpty).Select(h => h.Key).Order(StringComparer.Ordinal)];
    }

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
