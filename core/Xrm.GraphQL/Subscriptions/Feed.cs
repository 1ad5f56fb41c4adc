using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.GraphQL.Running;
using Xrm.GraphQL.Schemas;
using Xrm.Sdk;

namespace Xrm.GraphQL.Subscriptions;

/// <summary>Finds out what a subscription tells. It keeps nothing of what it is given to look with.</summary>
internal interface IFeed
{
    /// <summary>A place up to which everything was told.</summary>
    Cursor Place { get; }

    /// <summary>Adds to what is told what there is behind the place, as much as is made ready at once.</summary>
    /// <returns>False when nothing was added and nothing is left.</returns>
    ValueTask<bool> Look(FeedLook look, CancellationToken cancellation);

    /// <summary>What was added and not taken was dropped: it is looked at again.</summary>
    void GoBack();
}

/// <summary>What one look is made with.</summary>
/// <param name="Run">The operation on the reader's model.</param>
/// <param name="Model">The model in force, or one before it: a change of the model behind this place may not be in force for the reader.</param>
/// <param name="Head">A place of the log that the reader's state holds.</param>
internal sealed record FeedLook(Run Run, Reader Reader, ILog Log, Cursor Model, Cursor Head, Told Told)
{
    /// <summary>Whether rights, model or day are others than at the last look.</summary>
    public bool IsAnew { get; init; }

    public Plans.RootPlan Root => Run.Plan.Roots[0];

    public object? Argument(string name) => Root.Arguments.Get(name, Run.Variables);
}

internal static class Feed
{
    /// <summary>The feed of an operation.</summary>
    /// <exception cref="Refusal">It has not exactly one field at its root, or one of the introspection.</exception>
    public static IFeed Of(Run run, CursorSeal seal, GraphQLLimits limits) => run.Plan.Roots is [{ Meaning: { } meaning }]
        ? meaning is Meaning.Changes ? new ChangeFeed(seal, limits) : new ThingFeed(seal, limits)
        : throw Refusal.Of(ProblemCode.Invalid, "Un abonnement a un seul champ à sa racine, et qui n'est pas d'introspection.", "A subscription has one field at its root, and none of the introspection.", "operation",
            [run.Operation.Document.PlaceOf(run.Operation.Syntax)]);
}
