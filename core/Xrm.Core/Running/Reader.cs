using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Xrm.Core.Access;
using Xrm.Core.Image;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>One state of data and model as one actor sees it. Steps given to it say what is asked; it narrows them to what the actor may see before the store runs them.</summary>
internal sealed class Reader : IDisposable
{
    private readonly ISnapshot _snapshot;
    private readonly ILog _log;
    private readonly bool _ownsSnapshot;
    private readonly bool _isPast;
    private readonly AccessView _view;
    private Dictionary<DateTimeOffset, Reader>? _pasts;

    /// <param name="isPast">Whether the snapshot is what the store answered of an earlier time.</param>
    internal Reader(Force force, Actor actor, ISnapshot snapshot, ILog log, DateOnly today, EngineOptions options, bool ownsSnapshot = true, bool isPast = false)
    {
        Force = force;
        Actor = actor;
        Today = today;
        Options = options;
        _snapshot = snapshot;
        _log = log;
        _ownsSnapshot = ownsSnapshot;
        _isPast = isPast;
        _view = force.Views.For(actor, today, isPast);
    }

    /// <summary>What was in force when it began.</summary>
    public Force Force { get; }
    public CompiledModel Model => Force.Model;
    public Actor Actor { get; }
    public DateOnly Today { get; }
    /// <summary>The engine's.</summary>
    public EngineOptions Options { get; }

    /// <summary>The last block that is seen.</summary>
    public long Block => _snapshot.Block;

    /// <summary>The place of the log behind all that is seen.</summary>
    public Cursor Head => new(_snapshot.Block, BlockBuilder.ChangesLimit - 1);

    /// <summary>Narrows a step and runs it: one call of the store.</summary>
    /// <remarks>Masks of views and links are the reader's own: <see cref="Sees(ModelField, in Row)"/> reads them. Relationships by id take a second call where rights depend on their source.</remarks>
    public ValueTask<Rows> Read(ReadStep step, CancellationToken cancellation)
    {
        var rows = _snapshot.Read(Narrowed(step), cancellation);
        return step.Trace is null && (step is not ReadStep.Links || _view.SeesAll) ? rows : Noted(step, rows, cancellation);
    }

    private async ValueTask<Rows> Noted(ReadStep step, ValueTask<Rows> read, CancellationToken cancellation)
    {
        var rows = await read;
        if (step.Trace is { } trace)
        {
            trace.Runs++;
            trace.Answered += rows.Items.Length;
        }
        return step is ReadStep.Links links && !_view.SeesAll ? await WithSources(links.Type, rows, cancellation) : rows;
    }

    /// <summary>A step as it is run: narrowed to what the actor may see.</summary>
    public ReadStep Narrowed(ReadStep step) => _view.SeesEverything ? step : _view.Rules.Narrow(step);

    /// <summary>The way that a list would be run; nothing is read.</summary>
    public Way Foresee(ReadStep.List step) => _snapshot.Foresee((ReadStep.List)Narrowed(step));

    /// <summary>How many records of a type there are, whoever asks.</summary>
    public long Count(RecordType type) => _snapshot.Count(type);

    /// <summary>The records that name a content in a field of files, whoever asks; what the actor sees of them is to be read.</summary>
    public IReadOnlyList<Record> Naming(string hash) => _snapshot.Naming(hash);

    /// <summary>What steps could touch, by the numbers of records of this state.</summary>
    public StepCost Cost => field ??= new(_snapshot.Count);

    /// <summary>A filter of the sdk as a predicate on a type.</summary>
    /// <param name="during">The days of the question around it; null = today, for what is asked through relationships.</param>
    /// <exception cref="Problem">Invalid: a name that the type does not have or a value of the wrong kind.</exception>
    public Predicate Bind(Filter filter, RecordType type, Period? during = null) => Binder.Bind(filter, type, during);

    /// <summary>A filter as a predicate, with its faults noted instead of thrown; null stands for none.</summary>
    public Predicate? TryBind(Filter? filter, RecordType type, Period? during, List<Fault> faults) =>
        filter is null ? null : Binder.Bind(filter, type, during, faults);

    /// <summary>Whether the actor may see records of the type at all; of a relationship type, where it may see things at both ends.</summary>
    public bool Sees(RecordType type) => _view.Of(type).SeesAny
        && (type is not ModelRelationship relationship || relationship.Source.Types.Any(Sees) && relationship.Target.Types.Any(Sees));

    /// <summary>Whether the actor may see the field in some thing at least.</summary>
    public bool Sees(ModelField field) => Sees(field.Owner) && !_view.Of(field.Owner).Of(field).IsNever;

    /// <summary>Whether the actor may do something with some record of the type, one that could be made included; which ones, only writing tells.</summary>
    public bool May(Rights right, RecordType type) => Sees(type) && _view.Of(type).MaySome(right);

    /// <summary>Whether the actor may give the field a value in some record, when it is made or later; what plugins compute nobody can.</summary>
    public bool MayWrite(ModelField field) => !field.Description.IsComputed && Sees(field) && _view.Of(field.Owner).MaySome(Rights.Create | Rights.Update, field);

    /// <summary>Whether the actor may see the field in this row's thing, or, for a field of a relationship type, in its relationship.</summary>
    public bool Sees(ModelField field, in Row row) =>
        _view.SeesEverything || _view.Of(field.Owner).Sees(field, field.Owner is ModelRelationship ? row.LinkMasks : row.Masks);

    /// <summary>What the thing of a row is called, from the fields that the actor may see; its id when none has a value.</summary>
    public string DisplayName(in Row row)
    {
        var entity = row.Entity;
        if (Model.ByOrdinal.GetValueOrDefault(entity.TypeOrdinal) is not ModelType type)
            return new EntityId(entity.Id).ToString();
        var name = new StringBuilder();
        foreach (var field in type.DisplayFields)
            if (Sees(field, row) && entity.TryGet(field.Ordinal, out var json))
                name.Append(name.Length > 0 ? " " : "").Append(json[0] == (byte)'"' ? JsonValue.Text(json) : Encoding.UTF8.GetString(json));
        return name.Length > 0 ? name.ToString() : new EntityId(entity.Id).ToString();
    }

    /// <summary>The data as they were known at a time, as the actor may see them today; valid while this reader is.</summary>
    /// <remarks>Where a right depends on a thing's values or relationships it counts when it holds both then and now; for a thing that is gone, what it was last stands for now, and a right that asks for relationships does not hold. Today is today's day.</remarks>
    /// <param name="mostChanges">How many changes may be gone back.</param>
    /// <exception cref="Problem">Limit: it lies further back. Unavailable: the log cannot be read.</exception>
    public async ValueTask<Reader> AsOf(DateTimeOffset at, int mostChanges, CancellationToken cancellation)
    {
        if (_pasts?.TryGetValue(at, out var known) == true)
            return known;
        var past = await _snapshot.AsOf(at, mostChanges, cancellation);
        return (_pasts ??= [])[at] = ReferenceEquals(past, _snapshot) ? this : new(Force, Actor, past, _log, Today, Options, isPast: true);
    }

    /// <summary>Whether <see cref="AsOf(ModelType, Guid, DateTimeOffset, CancellationToken)"/> can answer things of a type: where no right depends on what they are.</summary>
    public bool KnowsPast(ModelType type) => !_isPast && _view.Of(type).IsPlain;

    /// <summary>One thing as it was known at a time, learnt from its own changes alone, however far back; null when it was not there or its type is not seen.</summary>
    /// <exception cref="InvalidOperationException">Rights depend on what things of the type are.</exception>
    /// <exception cref="Problem">Unavailable: the log cannot be read.</exception>
    public async ValueTask<Row?> AsOf(ModelType type, Guid id, DateTimeOffset at, CancellationToken cancellation)
    {
        if (!KnowsPast(type))
            throw new InvalidOperationException($"What is seen of {type.Name} depends on what things are.");
        if (!Sees(type) || (await _snapshot.Read(new ReadStep.Records([id]) { Views = [] }, cancellation)).Items is not [var row] || row.Entity.TypeOrdinal != type.Ordinal)
            return null;
        return await new Chronicle(_log).AsOf(State.Of(row.Entity, type), row.Entity.LastChange, at, cancellation) is { } found
            ? new Row(RecordForm.Of(found.State, found.Place), default, 0, 0)
            : null;
    }

    /// <summary>What happened to a thing, its relationships not included, oldest first, behind a place; the thing must be seen. Of the past, what had happened by then.</summary>
    /// <exception cref="Problem">NotFound: there is none that the actor may see.</exception>
    public async IAsyncEnumerable<Change> History(Guid id, Cursor after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await Find(id, cancellation) is not { } row)
            throw new Problem(ProblemCode.NotFound, Label.Of($"Fiche introuvable : {id}.", $"Thing not found: {id}."));
        // A row of the past tells what holds then and now; what held at each change is asked of the change.
        var teller = new ChangeTeller(Model, _isPast ? Force.Views.For(Actor, Today) : _view, _snapshot, _log);
        foreach (var change in await teller.History(row, after, cancellation))
            yield return change;
    }

    /// <summary>The log as the actor may see it, oldest first, behind a place; not asked of the past.</summary>
    public async IAsyncEnumerable<Change> Changes(Cursor after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Actor.Roles.IsEmpty)
            yield break;
        await foreach (var told in Told(after, null, cancellation))
            foreach (var change in told.Changes)
                yield return change;
    }

    /// <summary>Each recorded change behind a place with what the actor may see of it, oldest first. Those of which nothing may be told come too, with nothing.</summary>
    /// <param name="wants">Of which something is asked; null = of all.</param>
    public async IAsyncEnumerable<ToldChange> Told(Cursor after, Func<RecordChange, bool>? wants, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var teller = new ChangeTeller(Model, _view, _snapshot, _log);
        await foreach (var recorded in _log.Read(after, cancellation))
        {
            // What was written after this state is for a later reader.
            if (recorded.Place.Block > _snapshot.Block)
                yield break;
            var isAsked = !Actor.Roles.IsEmpty && wants?.Invoke(recorded) != false;
            yield return new(recorded, isAsked ? await teller.Tell(recorded, cancellation) : []);
        }
    }

    /// <summary>The same state as another actor sees it; valid while this reader is.</summary>
    public Reader For(Actor actor) => new(Force, actor, _snapshot, _log, Today, Options, ownsSnapshot: false, _isPast);

    public void Dispose()
    {
        if (_pasts is not null)
            foreach (var past in _pasts.Values)
                if (past != this)
                    past.Dispose();
        if (_ownsSnapshot)
            _snapshot.Dispose();
    }

    private Binder Binder => field ??= new(Model, Today);

    private async ValueTask<Row?> Find(Guid id, CancellationToken cancellation)
    {
        var rows = await Read(new ReadStep.ById([id]) { Views = [.. Model.Types.Select(TypeView.Of)] }, cancellation);
        return rows.Items.Length > 0 ? rows.Items[0] : null;
    }

    /// <summary>A relationship is seen only where its source is too.</summary>
    private async ValueTask<Rows> WithSources(ModelRelationship type, Rows rows, CancellationToken cancellation)
    {
        var sources = await Read(new ReadStep.ById([.. rows.Items.Select(r => r.Link.Source).Distinct()]) { Views = [.. type.Source.Types.Select(TypeView.Of)] }, cancellation);
        var seen = sources.Items.Select(r => r.Entity.Id).ToHashSet();
        var kept = new List<Row>();
        var starts = new int[rows.Starts.Length];
        for (var i = 0; i + 1 < rows.Starts.Length; i++)
        {
            foreach (var row in rows.Run(i))
                if (seen.Contains(row.Link.Source))
                    kept.Add(row);
            starts[i + 1] = kept.Count;
        }
        return new Rows { Items = [.. kept], Starts = starts };
    }
}
