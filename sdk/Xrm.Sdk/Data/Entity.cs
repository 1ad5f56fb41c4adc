using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>One thing as an actor may see it at one moment. It does not change; read it again to see later changes.</summary>
public sealed class Entity
{
    /// <summary>An entity as read from a store or made by a test.</summary>
    public Entity(string type, EntityId id, int version, DateTimeOffset createdAt, DateTimeOffset updatedAt, Period period, string displayName, Values values, ImmutableDictionary<string, ImmutableArray<Relationship>> related)
    {
        Type = type;
        Id = id;
        Version = version;
        CreatedAt = createdAt;
        UpdatedAt = updatedAt;
        Period = period;
        DisplayName = displayName;
        Values = values;
        Related = related;
    }

    /// <summary>The name of its entity type.</summary>
    public string Type { get; }

    /// <summary>Its id.</summary>
    public EntityId Id { get; }

    /// <summary>1 when created, one more with each commit that changed it; relating it to something does not.</summary>
    public int Version { get; }

    /// <summary>When the commit that made it was recorded, UTC.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When the last commit that changed it was recorded, UTC.</summary>
    public DateTimeOffset UpdatedAt { get; }

    /// <summary>When it is true, for a dated type; <see cref="Period.Always"/> for others.</summary>
    public Period Period { get; }

    /// <summary>What people call it, from the fields that the reader may see; its id when none has a value.</summary>
    public string DisplayName { get; }

    /// <summary>Its fields that have a value and that the reader may see.</summary>
    public Values Values { get; }

    /// <summary>The relationships that were asked for (<see cref="Query.Includes"/>), by the name of the end.</summary>
    public ImmutableDictionary<string, ImmutableArray<Relationship>> Related { get; }

    /// <summary>The value of a field; the default (null) when it is empty or hidden from the reader.</summary>
    public T? Get<T>(Field<T> field) => Values.TryGet(field.Name, out var value) && value is not null ? field.FromValue(value) : default;

    /// <summary>The relationships at an end that the query asked for; empty when it has none or was not asked.</summary>
    public ImmutableArray<Relationship> Get(RelationshipEnd end) => Related.TryGetValue(end.Name, out var links) ? links : [];
}

/// <summary>One link between two entities, as an actor may see it at one moment.</summary>
/// <param name="Type">The name of its relationship type.</param>
/// <param name="Id">Its id.</param>
/// <param name="Version">1 when related, one more with each commit that changed it.</param>
/// <param name="Source">The entity it goes out from.</param>
/// <param name="Target">The entity it goes to.</param>
/// <param name="Period">When it is true; <see cref="Period.Always"/> for a type that is not dated.</param>
/// <param name="Values">Its own fields that have a value and that the reader may see.</param>
public sealed record Relationship(string Type, EntityId Id, int Version, EntityId Source, EntityId Target, Period Period, Values Values)
{
    /// <summary>The entity at the other end from the one asked; null when only the relationship was asked for.</summary>
    public Entity? Other { get; init; }

    /// <summary>The value of one of its own fields; the default (null) when it is empty or hidden from the reader.</summary>
    public T? Get<T>(Field<T> field) => Values.TryGet(field.Name, out var value) && value is not null ? field.FromValue(value) : default;
}
