using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>One key of an order. Things without value come last either way; ties are broken by id.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Descending">Greatest first.</param>
public sealed record Order(string Field, bool Descending = false);

/// <summary>Which relationships to bring along.</summary>
/// <param name="End">The end's name on the type asked.</param>
public sealed record Include(string End)
{
    /// <summary>Only relationships and dated things true on some day of this; null = today.</summary>
    public Period? During { get; init; }

    /// <summary>What to bring along of the things at the other end.</summary>
    public ImmutableArray<Include> With { get; init; } = [];
}

/// <summary>A question for entities of one type.</summary>
/// <param name="Type">The entity type's name.</param>
public sealed record Query(string Type)
{
    /// <summary>Which; null = all that the actor sees.</summary>
    public Filter? Filter { get; init; }

    /// <summary>Only what is found by searching for this in the fields that can be searched: all words of it, as they stand, as the beginning of a word or by sound. null = whatever is there.</summary>
    public string? SearchedFor { get; init; }

    /// <summary>In which order; empty = by id, or, of a search, the best first.</summary>
    public ImmutableArray<Order> Orders { get; init; } = [];

    /// <summary>What to bring along.</summary>
    public ImmutableArray<Include> Includes { get; init; } = [];

    /// <summary>For a dated type, only things true on some day of this; null = whenever.</summary>
    public Period? During { get; init; }

    /// <summary>How many at most; null = all.</summary>
    public int? Limit { get; init; }

    /// <summary>A question for a type.</summary>
    public static Query For(EntityType type) => new(type.Name);

    /// <summary>Only those for which this holds too.</summary>
    public Query Where(Filter filter) => this with { Filter = Filter is null ? filter : Filter & filter };

    /// <summary>Only what is found by searching for this.</summary>
    public Query Search(string text) => this with { SearchedFor = text };

    /// <summary>Then by this field.</summary>
    public Query Order(Field field, bool descending = false) => this with { Orders = Orders.Add(new Order(field.Name, descending)) };

    /// <summary>Brings along the relationships at an end, those true today.</summary>
    public Query With(RelationshipEnd end) => With(new Include(end.Name));

    /// <summary>Brings along relationships.</summary>
    public Query With(Include include) => this with { Includes = Includes.Add(include) };

    /// <summary>At most so many.</summary>
    public Query First(int limit) => this with { Limit = limit };
}

/// <summary>The answer to a query.</summary>
/// <param name="Entities">In the order asked for.</param>
/// <param name="HasMore">Whether the limit left some out.</param>
public sealed record Page(ImmutableArray<Entity> Entities, bool HasMore);
