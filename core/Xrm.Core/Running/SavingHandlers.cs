using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Runs the plugins' Saving handlers over what a commit makes and changes.</summary>
internal sealed class SavingHandlers(Force force)
{
    private readonly Dictionary<RecordType, (string Plugin, Func<Saving, CancellationToken, ValueTask> Handler)[]> _handlers = [];

    /// <summary>Runs them; what they set is in the drafts afterwards.</summary>
    /// <returns>That what they read is still so.</returns>
    /// <exception cref="Problem">A handler refuses, or failed (Internal).</exception>
    public async ValueTask<IReadOnlyCollection<Guard>> Run(PlanContext context, DraftBook book, ValueSetter setter, CancellationToken cancellation)
    {
        if (force.Attachments.IsEmpty)
            return [];
        var watch = new ReadWatch();
        foreach (var draft in book.Drafts.Where(d => d is { IsGone: false, IsDifferent: true, Type: ModelType }).ToArray())
            if (Of(draft.Type) is { Length: > 0 } handlers)
                await Run(draft, handlers, context, setter, watch, cancellation);
        return watch.Guards;
    }

    private async ValueTask Run(Draft draft, (string Plugin, Func<Saving, CancellationToken, ValueTask> Handler)[] handlers, PlanContext context, ValueSetter setter, ReadWatch watch, CancellationToken cancellation)
    {
        foreach (var (plugin, handler) in handlers)
        {
            var actor = Actor.Of($"plugin:{plugin}", Role.Administrator);
            using var reader = new Reader(force, actor, context.Snapshot, context.Log, context.Today, ownsSnapshot: false);
            var before = draft.IsNew ? null : EntityMaker.Make(reader, new Row(draft.Before, default, 0, 0));
            var set = SetOf(draft);
            var saving = new Saving(before, draft.Type.Name, new EntityId(draft.Id), set, context.Now, context.Actor, new SavingDoor(reader, watch));
            try
            {
                await handler(saving, cancellation);
            }
            catch (Exception e) when (e is not Problem && !(e is OperationCanceledException && cancellation.IsCancellationRequested))
            {
                Notices.SavingFailed(context.Logger, e, plugin, draft.Type.Name);
                throw new Problem(new Fault(ProblemCode.Internal,
                    Label.Of($"Le module {plugin} a échoué en enregistrant {draft.Type.Label.Fr}.", $"Plugin {plugin} failed while saving {draft.Type.Label.En}.")) { Edit = draft.Edit });
            }
            foreach (var (name, value) in saving.Set)
                if (!set.TryGet(name, out var old) || !Equals(old, value))
                    setter.Set(draft, name, value, draft.Edit, asked: false);
            context.Faults.ThrowIfAny();
        }
    }

    private static Values SetOf(Draft draft)
    {
        var values = Values.Of([.. draft.Set.Select(s => (s.Field.Name, s.Value))]);
        if (draft.Period.From != draft.PeriodBefore.From)
            values = values.With("validFrom", draft.Period.From);
        if (draft.Period.To != draft.PeriodBefore.To)
            values = values.With("validTo", draft.Period.To);
        return values;
    }

    private (string Plugin, Func<Saving, CancellationToken, ValueTask> Handler)[] Of(RecordType type)
    {
        if (!_handlers.TryGetValue(type, out var handlers))
            _handlers.Add(type, handlers = [.. force.Attachments.SelectMany(a => a.Hooks.Saving(type.Name).Handlers.Select(h => (a.Plugin, h)))]);
        return handlers;
    }
}
