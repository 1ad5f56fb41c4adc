using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Plans a commit on the present and writes it, again on what is present then when something changed in between.</summary>
internal sealed class Committer(IStore store, EngineOptions options, Func<Force> force, WriteGate gate, Func<DateOnly> today) : IDisposable
{
    private static readonly IReadOnlySet<Guid> NoneTaken = ImmutableHashSet<Guid>.Empty;

    private readonly SemaphoreSlim _line = new(1);

    public void Dispose() => _line.Dispose();

    /// <summary>Commits.</summary>
    /// <param name="setsHidden">Whether its edits may set hidden fields, whoever asks.</param>
    /// <param name="settled">Completes when no model is being put in force.</param>
    /// <exception cref="Problem">As the planner tells; Conflict when somebody else used the commit's id; Unavailable when others kept changing what it needs.</exception>
    public async ValueTask<Receipt> Commit(Commit commit, Actor actor, bool setsHidden, Func<CancellationToken, Task> settled, CancellationToken cancellation)
    {
        if (actor.Roles.IsEmpty)
            throw new Problem(ProblemCode.Unauthenticated, Label.Of("Connectez-vous pour modifier des données.", "Sign in to change data."));
        if (!commit.Id.IsAcceptable)
            throw new Problem(ProblemCode.Invalid, Label.Of($"L'identifiant de modification {commit.Id} n'est pas un UUID de version 4 ou 7.", $"The commit id {commit.Id} is no UUID of version 4 or 7."), "id", "id");
        var receipt = await Write(commit, actor, setsHidden, settled, cancellation);
        if (receipt.Actor != actor.Id)
            throw new Problem(ProblemCode.Conflict, Label.Of($"La modification {commit.Id} a été faite par un autre.", $"Commit {commit.Id} was made by somebody else."), "id", "commitId");
        await new SavedHandlers(options).Tell(force(), receipt, cancellation);
        return receipt;
    }

    private async ValueTask<Receipt> Write(Commit commit, Actor actor, bool setsHidden, Func<CancellationToken, Task> settled, CancellationToken cancellation)
    {
        HashSet<Guid>? taken = null;
        var inLine = false;
        try
        {
            for (var attempt = 0; attempt < Math.Max(1, options.Attempts); attempt++)
            {
                // Those who met others twice go one by one, so that each gets its turn.
                if (attempt == 2)
                {
                    await _line.WaitAsync(cancellation);
                    inLine = true;
                }
                WriteOutcome outcome;
                using (await gate.Enter(cancellation))
                    outcome = await Attempt(commit, actor, setsHidden, taken ?? NoneTaken, cancellation);
                if (outcome.Receipt is { } receipt)
                    return receipt;
                foreach (var failed in outcome.Failed)
                    if (failed is Guard.VersionIs { Version: 0 } id)
                        (taken ??= []).Add(id.Id);
                    else if (failed is Guard.ModelIs)
                        await settled(cancellation);
            }
            throw new Problem(ProblemCode.Unavailable, Label.Of("D'autres modifient les mêmes fiches en ce moment ; réessayer.", "Others are changing the same things right now; try again."));
        }
        finally
        {
            if (inLine)
                _line.Release();
        }
    }

    private async ValueTask<WriteOutcome> Attempt(Commit commit, Actor actor, bool setsHidden, IReadOnlySet<Guid> taken, CancellationToken cancellation)
    {
        var now = force();
        using var snapshot = store.Snapshot();
        var day = today();
        var view = now.Views.For(actor, day);
        var context = new PlanContext(now.Model, view, actor, commit, snapshot, store.Log, day, options.Time.GetUtcNow(), taken, options.Log)
        {
            SetsHidden = setsHidden,
            Files = store.Files,
            Sight = () => new Reader(now, actor, snapshot, store.Log, day, options, ownsSnapshot: false),
        };
        WritePlan plan;
        try
        {
            plan = await new Planner(context, new SavingHandlers(now, options)).Plan(cancellation);
        }
        catch (Problem)
        {
            // A commit sent again meets what it wrote itself the first time: its first answer comes before any fault.
            var first = await store.Write(new WritePlan(commit.Id.Value, actor.Id, [], [new Guard.ModelIs(-1)]), cancellation);
            if (first.Receipt is not null)
                return first;
            throw;
        }
        return await store.Write(plan, cancellation);
    }
}
