using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Xrm.Sdk;

namespace Xrm.GraphQL;

/// <summary>One entry of an answer's <c>errors</c>.</summary>
/// <param name="Fault">What is wrong.</param>
internal sealed record AnswerError(Fault Fault)
{
    /// <summary>Response keys from the root; empty when it is about the whole request.</summary>
    public ImmutableArray<string> Path { get; init; } = [];
    /// <summary>Line and column in the document, from 1.</summary>
    public ImmutableArray<Place> Places { get; init; } = [];
    /// <summary>Which limit was passed and by what; otherwise null.</summary>
    public PassedLimit? Limit { get; init; }
    /// <summary>The code that clients of another protocol know; null = the fault's own.</summary>
    public string? Code { get; init; }
    /// <summary>By which a fault of ours is found in the log; otherwise null.</summary>
    public string? TraceId { get; init; }

    public static ImmutableArray<AnswerError> Of(Problem problem, ImmutableArray<string> path = default, ImmutableArray<Place> places = default) =>
        [.. problem.Faults.Select(f => new AnswerError(f) { Path = path.IsDefault ? [] : path, Places = places.IsDefault ? [] : places })];

    /// <summary>What an exception that ends a request is told as.</summary>
    /// <param name="log">Where it goes when it is a fault of ours.</param>
    public static ImmutableArray<AnswerError> Of(Exception thrown, ILogger log) => thrown switch
    {
        Refusal refusal => refusal.Errors,
        FieldProblem field => Of(field.Problem, field.Place.Path, [field.Place.Place]),
        Problem problem => Of(problem),
        _ => [Running.InternalError.Told(thrown, log)],
    };
}

/// <summary>The figures of a limit that was passed, in its own unit.</summary>
/// <param name="Most">What is allowed.</param>
/// <param name="Figure">What was asked for, or as far as it was counted; null when nothing was counted.</param>
internal readonly record struct PassedLimit(long Most, long? Figure);

/// <summary>A line and a column of a document, both from 1.</summary>
internal readonly record struct Place(int Line, int Column);

/// <summary>A request that is refused before anything is read or written.</summary>
internal sealed class Refusal(ImmutableArray<AnswerError> errors) : Exception
{
    public ImmutableArray<AnswerError> Errors { get; } = errors;

    public static Refusal Of(ProblemCode code, string french, string english, string? rule = null, ImmutableArray<Place> places = default) =>
        new(AnswerError.Of(new Problem(code, Label.Of(french, english), null, rule), default, places));

    /// <summary>A request took longer than it may.</summary>
    public static Refusal Time(GraphQLLimits limits) =>
        Limit($"La requête a dépassé {limits.Time.TotalSeconds:0.###} s.", $"The request took longer than {limits.Time.TotalSeconds:0.###} s.", "time", (long)Math.Ceiling(limits.Time.TotalSeconds));

    /// <summary>A limit was passed.</summary>
    /// <param name="most">What is allowed.</param>
    /// <param name="figure">What was asked for, or as far as it was counted; null when nothing was counted.</param>
    public static Refusal Limit(string french, string english, string rule, long most, long? figure = null, ImmutableArray<Place> places = default, string? field = null) =>
        new([new AnswerError(new Fault(ProblemCode.Limit, Label.Of(french, english), field, rule)) { Limit = new(most, figure), Places = places.IsDefault ? [] : places }]);

    /// <summary>The same, told of a field; what names a field already stays as it is.</summary>
    public Refusal At(Plans.FieldPlace place) =>
        new([.. Errors.Select(e => e.Path.IsEmpty ? e with { Path = place.Path, Places = e.Places.IsEmpty ? [place.Place] : e.Places } : e)]);
}

/// <summary>A problem of one field of an operation, and where that field stands.</summary>
internal sealed class FieldProblem(Problem problem, Plans.FieldPlace place) : Exception
{
    public Problem Problem { get; } = problem;
    public Plans.FieldPlace Place { get; } = place;
}
