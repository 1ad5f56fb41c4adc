using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;
using Handler = Xrm.Sdk.Registration<System.Func<Xrm.Sdk.Saving, System.Threading.CancellationToken, System.Threading.Tasks.ValueTask>>;

namespace Xrm.Core.Running;

/// <summary>Runs the plugins' Saving handlers over what a commit makes and changes: plugin by plugin, and thing by thing.</summary>
internal sealed class SavingHandlers(Force force, EngineOptions options)
{
    /// <summary>Runs them; what they set is in the drafts afterwards.</summary>
    /// <returns>That what they read is still so.</returns>
    /// <exception cref="Problem">A handler refuses; or one without which nothing may be saved failed (Internal), is too late or off (Unavailable).</exception>
    public async ValueTask<IReadOnlyCollection<Guard>> Run(PlanContext context, DraftBook book, ValueSetter setter, CancellationToken cancellation)
    {
        if (force.Attachments.IsEmpty)
            return [];
        var drafts = book.Drafts.FindAll(d => d is { IsGone: false, IsDifferent: true, Type: ModelType });
        var types = new List<RecordType>();
        foreach (var draft in drafts)
            if (!types.Contains(draft.Type))
                types.Add(draft.Type);
        ReadWatch? watch = null;
        foreach (var attachment in force.Attachments)
        {
            Dictionary<RecordType, (ImmutableArray<Handler> Handlers, Label What)>? handlers = null;
            foreach (var type in types)
                if (attachment.Hooks.Saving(type.Name).Registrations is { IsEmpty: false } registered)
                    (handlers ??= []).Add(type, (registered, HookCalls.Named("Saving", type.Name)));
            if (handlers is null)
                continue;
            using var turn = new Turn(force, options, attachment, handlers, drafts, context, setter, watch ??= new());
            while (!await turn.Run(cancellation))
            {
                // Those behind the one that was too late are still to be asked, or to be missed.
            }
        }
        return watch?.Guards ?? [];
    }

    /// <summary>One plugin's turn at a commit.</summary>
    private sealed class Turn : IDisposable
    {
        private readonly EngineOptions _options;
        private readonly Attachment _attachment;
        private readonly Dictionary<RecordType, (ImmutableArray<Handler> Handlers, Label What)> _handlers;
        private readonly List<Draft> _drafts;
        private readonly PlanContext _context;
        private readonly ValueSetter _setter;
        private readonly Reader _reader;
        private readonly IXrm _door;
        /// <summary>Which thing is at hand.</summary>
        private int _draft;
        /// <summary>Which of its type's handlers is at hand.</summary>
        private int _handler;

        public Turn(Force force, EngineOptions options, Attachment attachment, Dictionary<RecordType, (ImmutableArray<Handler>, Label)> handlers, List<Draft> drafts, PlanContext context, ValueSetter setter, ReadWatch watch)
        {
            (_options, _attachment, _handlers, _drafts, _context, _setter) = (options, attachment, handlers, drafts, context, setter);
            _reader = new Reader(force, attachment.Actor, context.Snapshot, context.Log, context.Today, options, ownsSnapshot: false);
            _door = attachment.Narrow(new ReaderDoor(_reader, watch), () => force.Model);
        }

        public void Dispose() => _reader.Dispose();

        /// <summary>Goes on where it was.</summary>
        /// <returns>False when a call was too late and the rest is still to be done.</returns>
        public async ValueTask<bool> Run(CancellationToken cancellation)
        {
            var calls = new HookCalls(_attachment, _options, cancellation);
            if (await calls.Run(() => Each(calls)))
                return true;
            var (draft, registration) = (_drafts[_draft], _handlers[_drafts[_draft].Type].Handlers[_handler++]);
            return registration.WhenFailing == WhenFailing.GoOn ? false : throw Refused(CallEnd.TooLate, draft);
        }

        private async Task Each(HookCalls calls)
        {
            for (; _draft < _drafts.Count; _draft++, _handler = 0)
            {
                var draft = _drafts[_draft];
                if (!_handlers.TryGetValue(draft.Type, out var asked))
                    continue;
                for (; _handler < asked.Handlers.Length; _handler++)
                {
                    var registration = asked.Handlers[_handler];
                    var set = SetOf(draft);
                    var saving = Saving(draft, set);
                    switch (await calls.Call(asked.What, registration.Handler, saving))
                    {
                        case CallEnd.Done:
                            Take(saving, set, draft);
                            break;
                        case CallEnd.TooLate:
                            return;
                        case var end when registration.WhenFailing == WhenFailing.Refuse:
                            throw Refused(end, draft);
                    }
                }
            }
        }

        private Saving Saving(Draft draft, Values set)
        {
            var before = draft.IsNew ? null : EntityMaker.Make(_reader, new Row(draft.Before, default, 0, 0));
            return new(before, draft.Type.Name, new EntityId(draft.Id), set, _context.Now, _context.Actor, _door);
        }

        private void Take(Saving saving, Values set, Draft draft)
        {
            foreach (var (name, value) in saving.Set)
                if (!set.TryGet(name, out var old) || !Equals(old, value))
                    _setter.Set(draft, name, value, draft.Edit, asked: false);
            _context.Faults.ThrowIfAny();
        }

        private Problem Refused(CallEnd end, Draft draft) => new(HookFaults.Of(end, _attachment, Label.Of(
            $"en enregistrant {draft.Type.Label.Fr}", $"while saving {draft.Type.Label.En}")) with { Edit = draft.Edit });

        private static Values SetOf(Draft draft)
        {
            var values = Values.Of([.. draft.Set.Select(s => (s.Field.Name, s.Value))]);
            if (draft.Period.From != draft.PeriodBefore.From)
                values = values.With("validFrom", draft.Period.From);
            if (draft.Period.To != draft.PeriodBefore.To)
                values = values.With("validTo", draft.Period.To);
            return values;
        }
    }
}
