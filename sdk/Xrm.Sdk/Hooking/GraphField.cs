using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>A field of GraphQL that is a plugin's own. In the schema it is named <c>&lt;plugin&gt;_name</c>, hyphens of the id as underscores.</summary>
/// <param name="Name">Lower camel case.</param>
/// <param name="Label">What people read.</param>
/// <param name="Result">What it answers; null is always allowed.</param>
/// <param name="Answer">Gives the values: one call for all entities of a level, or for the root.</param>
public sealed record GraphField(string Name, Label Label, GraphResult Result, Func<GraphCall, CancellationToken, ValueTask> Answer)
{
    /// <summary>The entity type whose things have it; null = the root of queries.</summary>
    public EntityType? On { get; init; }

    /// <summary>What it can be asked with.</summary>
    public ImmutableArray<GraphArgument> Arguments { get; init; } = [];
}

/// <summary>An argument of a plugin's field.</summary>
/// <param name="Name">Lower camel case.</param>
/// <param name="Shape">What values are like.</param>
/// <param name="Label">What people read.</param>
/// <param name="IsRequired">Whether it must be given.</param>
public sealed record GraphArgument(string Name, Shape Shape, Label Label, bool IsRequired = false);

/// <summary>What a plugin's field answers. The cases below are all there are.</summary>
public abstract record GraphResult
{
    private GraphResult() { }

    /// <summary>Values of a shape.</summary>
    public sealed record Value(Shape Shape, bool IsMany = false) : GraphResult;

    /// <summary>Things of a type, named by id: whoever asks gets those it may see.</summary>
    public sealed record Things(EntityType Type, bool IsMany = false) : GraphResult;
}

/// <summary>One call for a plugin's field of GraphQL. It lives for that call.</summary>
public sealed class GraphCall
{
    private readonly object?[] _answers;

    /// <summary>Made by whoever answers GraphQL, and by tests.</summary>
    /// <param name="entities">As whoever asks sees them; empty for the root.</param>
    /// <param name="arguments">By name; those not given are not there.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="xrm">The data as that actor sees it, in the state that is answered from, as far as the plugin was granted.</param>
    public GraphCall(ImmutableArray<Entity> entities, Values arguments, Actor actor, IXrm xrm)
    {
        Entities = entities;
        Arguments = arguments;
        Actor = actor;
        Xrm = xrm;
        _answers = new object?[Math.Max(entities.Length, 1)];
    }

    /// <summary>The things that the field is asked of, as whoever asks sees them; empty for the root.</summary>
    public ImmutableArray<Entity> Entities { get; }
    /// <summary>The arguments by name, in the CLR form of their shapes; those not given are not there.</summary>
    public Values Arguments { get; }
    /// <summary>Who asks.</summary>
    public Actor Actor { get; }
    /// <summary>The data as that actor sees it, in the state that is answered from, as far as the plugin was granted.</summary>
    public IXrm Xrm { get; }

    /// <summary>The answer for one of the entities.</summary>
    /// <param name="index">Its place among <see cref="Entities"/>; 0 for the root.</param>
    /// <param name="value">A value in the CLR form of the shape or an <see cref="EntityId"/>; for many, an <see cref="ImmutableArray{T}"/> of object of these; null for none.</param>
    public void Put(int index, object? value) => _answers[index] = value;

    /// <summary>What was put at a place; for whoever asked.</summary>
    public object? AnswerAt(int index) => _answers[index];
}
