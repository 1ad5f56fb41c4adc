using System.Collections.Immutable;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Puts another model in force: beside the old one until one reference is swapped. What fails on the way leaves all as it was.</summary>
internal sealed class ModelSwap(IStore store, EngineOptions options, WriteGate gate) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private ImmutableArray<Action<Force>> _making = [];

    public void Dispose() => _turn.Dispose();

    /// <summary>Something to do with whatever comes into force, before it does.</summary>
    public void Making(Action<Force> make)
    {
        lock (_lock)
            _making = _making.Add(make);
    }

    /// <summary>Completes when no model is being put in force.</summary>
    public async Task Settled(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        _turn.Release();
    }

    /// <summary>Runs a change.</summary>
    /// <param name="now">What is in force.</param>
    /// <param name="publish">Puts the first in force in place of the second, and answers what is in force then.</param>
    public async ValueTask<Force> Run(ModelChange change, Actor actor, Func<Force> now, Func<Force, Force, Force> publish, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var old = now();
            if (change.PlannedOn is { } planned && planned != old.Model.Fingerprint)
                throw new Problem(ProblemCode.Conflict, Label.Of("Le modèle a changé depuis que ce plan a été fait : refaire le plan.", "The model changed since this plan was made: plan again."), "plan", "plan");
            var descriptions = EffectiveModel.WithCustom(change.Descriptions, old.Model);
            var attachments = change.Attachments.IsDefault ? old.Attachments : change.Attachments;
            var isSame = descriptions.AsSpan().SequenceEqual(old.Model.Descriptions.AsSpan(), ReferenceEqualityComparer.Instance);
            if (isSame && change.Attachments.IsDefault && change.Migrate is null)
                return old;
            var saysTheSame = DescriptionJson.AreSame(descriptions, old.Model.Descriptions);
            var next = new Force(isSame ? old.Model : ModelCompiler.Compile(descriptions, old.Model, saysTheSame), attachments);
            Check(old, next);
            await store.Prepare(next.Model, cancellation);
            try
            {
                foreach (var make in _making)
                    make(next);
                if (change.Ready is { } ready)
                    await ready(cancellation);
                if (!saysTheSame || change.Migrate is not null)
                    await Record(change, old, next, actor, cancellation);
            }
            catch
            {
                // The store is as ready for the old model as it was; what was made of the new one is dropped with it.
                await store.Prepare(old.Model, CancellationToken.None);
                throw;
            }
            return publish(next, old);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <exception cref="Problem">Invalid: a plugin that comes takes part in what it may not; all faults of all that come are told.</exception>
    private static void Check(Force old, Force next)
    {
        var faults = next.Attachments.Except(old.Attachments).SelectMany(a => AttachmentRules.Check(a, next.Model, next.Attachments)).ToImmutableArray();
        if (!faults.IsEmpty)
            throw new Problem(faults);
    }

    /// <summary>Writes the model and what becomes of data, as one commit. When others change that data all the while, they are held up in the end.</summary>
    private async ValueTask Record(ModelChange change, Force old, Force next, Actor actor, CancellationToken cancellation)
    {
        var difference = ModelDifference.Between(old.Model.Effective, next.Model.Effective);
        var model = ModelRecord.Write(next.Model, (change.Note ?? new ModelNote("change")) with { Difference = difference });
        var id = EntityId.New(options.Time.GetUtcNow()).Value;
        if (!await TryWrite(id, model, change, old, next, actor, cancellation))
            using (await gate.Close(cancellation))
                if (!await TryWrite(id, model, change, old, next, actor, cancellation))
                    throw new Problem(ProblemCode.Unavailable, Label.Of("Les données changent sans cesse ; réessayer.", "The data keep changing; try again."));
        Notices.ModelChanged(options.Log, actor.Id, difference.Added.Length, difference.Removed.Length, difference.Changed.Length);
    }

    private async ValueTask<bool> TryWrite(Guid id, byte[] model, ModelChange change, Force old, Force next, Actor actor, CancellationToken cancellation)
    {
        var data = new MigratedData([], []);
        var rules = NewRules.Between(old.Model, next.Model);
        IReadOnlyList<Guard> guards = [];
        if (change.Migrate is not null || !rules.IsEmpty)
        {
            using var snapshot = store.Snapshot();
            if (change.Migrate is { } migrate)
                data = await migrate(old, next, snapshot, cancellation);
            var broken = await rules.Check(snapshot.Read, snapshot.Block, data.Edits, cancellation);
            broken.ThrowIfAny();
            guards = [.. data.Guards, .. broken.Guards];
        }
        cancellation.ThrowIfCancellationRequested();
        var outcome = await store.Write(new WritePlan(id, actor.Id, data.Edits, guards) { Model = model }, cancellation);
        return outcome.Receipt is not null;
    }
}
