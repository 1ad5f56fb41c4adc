using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>What went wrong, as callers tell cases apart.</summary>
public enum ProblemCode
{
    /// <summary>The input breaks a rule of the model; nothing was written.</summary>
    Invalid,
    /// <summary>No such thing, or none that the actor may see.</summary>
    NotFound,
    /// <summary>Somebody changed it since; nothing was written.</summary>
    Conflict,
    /// <summary>Nobody is signed in.</summary>
    Unauthenticated,
    /// <summary>The actor sees it but may not change it so.</summary>
    Forbidden,
    /// <summary>A limit was passed; the message names it and the figure.</summary>
    Limit,
    /// <summary>The store or the host cannot answer now; trying again later is right.</summary>
    Unavailable,
    /// <summary>A fault of ours.</summary>
    Internal,
}

/// <summary>One thing that is wrong: where, which rule, and a message to people in both languages.</summary>
/// <param name="Code">The case.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Field">The field, or the path to it (<c>edits[2].values.email</c>); null when it is about the whole.</param>
/// <param name="Rule">The rule's id in the domain's documents (<c>CORE-R01</c>) or a short word of the core (<c>required</c>); null when none.</param>
public sealed record Fault(ProblemCode Code, Label Message, string? Field = null, string? Rule = null)
{
    /// <summary>On a conflict, the values per field; otherwise empty.</summary>
    public ImmutableArray<FieldConflict> Conflicts { get; init; } = [];

    /// <summary>Which edit of the commit, from 0; null when it is not about one edit.</summary>
    public int? Edit { get; init; }
}

/// <summary>A field as it was when the caller read it, as it is now, and as the caller wants it.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Base">The value at the version the caller named; null when it is empty, masked, or no longer known.</param>
/// <param name="Theirs">The value now.</param>
/// <param name="Yours">The value the caller sent.</param>
public sealed record FieldConflict(string Field, object? Base, object? Theirs, object? Yours);

/// <summary>The one exception for what callers can expect. It carries every fault found, never only the first.</summary>
public sealed class Problem : Exception
{
    /// <summary>A problem with several faults.</summary>
    /// <param name="faults">At least one.</param>
    public Problem(params IEnumerable<Fault> faults)
    {
        Faults = [.. faults];
        if (Faults.IsEmpty)
            throw new ArgumentException("A problem has at least one fault.", nameof(faults));
    }

    /// <summary>A problem with one fault.</summary>
    public Problem(ProblemCode code, Label message, string? field = null, string? rule = null)
        : this(new Fault(code, message, field, rule)) { }

    /// <summary>All that is wrong; at least one.</summary>
    public ImmutableArray<Fault> Faults { get; }

    /// <summary>The code of the first fault.</summary>
    public ProblemCode Code => Faults[0].Code;

    /// <summary>The English messages, one a line.</summary>
    public override string Message => string.Join('\n', Faults.Select(f => f.Message.En));
}
