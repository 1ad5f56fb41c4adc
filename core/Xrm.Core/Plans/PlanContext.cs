using Microsoft.Extensions.Logging;
using Xrm.Core.Access;
using Xrm.Core.Files;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>What one planning of one commit works with.</summary>
/// <param name="Snapshot">The data as the commit finds it.</param>
/// <param name="Now">The engine's time, UTC.</param>
/// <param name="Taken">Ids that the store refused as having been used before, deleted things' included.</param>
internal sealed record PlanContext(CompiledModel Model, AccessView View, Actor Actor, Commit Commit, ISnapshot Snapshot, ILog Log, DateOnly Today, DateTimeOffset Now, IReadOnlySet<Guid> Taken, ILogger Logger)
{
    public CommitFaults Faults { get; } = new();

    /// <summary>The commit's edits; a list of hundreds of thousands is slow to walk more than once.</summary>
    public Edit[] Edits { get; } = [.. Commit.Edits];

    /// <summary>Whether hidden fields may be set, whoever asks.</summary>
    public bool SetsHidden { get; init; }

    /// <summary>The contents that fields of files may name; null = they are not looked at, since what names them was there before.</summary>
    public IFiles? Files { get; init; }

    /// <summary>The same state as the actor sees it, to be disposed of; there where <see cref="Files"/> is.</summary>
    public Func<Reader>? Sight { get; init; }

    /// <summary>Whether data are carried over to this model from another: then a state is set without a move, and what this model parks may be deleted.</summary>
    public bool Migrates { get; init; }

    /// <summary>The types that edits may take away from: those in force, and while data are carried over the parked ones.</summary>
    public CompiledModel Reached => Migrates ? Model.Whole : Model;

    /// <summary>Whether rights need no looking at.</summary>
    public bool MayAll => View.SeesAll;
}
