using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Carries a plugin's data over to its new version: runs the migrations that are due over each thing of their types, and plans all that they do as one commit under the new model.</summary>
/// <param name="engine">Whose data; its clock and its log.</param>
/// <param name="plugin">The plugin's id.</param>
/// <param name="due">Those to run, lower versions first (<see cref="Due"/>).</param>
internal sealed class MigrationRun(Engine engine, string plugin, ImmutableArray<Migration> due)
{
    private const int PageSize = 1000;

    /// <summary>What its door is narrowed to besides its own types, those that it no longer has included; null = nothing.</summary>
    public PluginPermissions? Granted { get; init; }

    /// <summary>How long one call of a migration may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told after each page how many things were looked at so far; begins anew when the data changed meanwhile. null = nobody asks.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>Those that an update from one version to another runs, lower versions first, in the plugin's order where versions are the same.</summary>
    public static ImmutableArray<Migration> Due(IEnumerable<Migration> all, PluginVersion from, PluginVersion to) =>
        [.. all.Where(m => m.To.CompareTo(from) > 0 && m.To.CompareTo(to) <= 0).OrderBy(m => m.To)];

    /// <summary>A <see cref="Migrate"/>.</summary>
    /// <exception cref="Problem">The first fifty faults of what the migrations do, each with thing and migration; Internal: a migration threw; Limit: one did not end in time; Forbidden: one writes what the plugin did not ask for.</exception>
    public async ValueTask<MigratedData> Run(Force before, Force after, ISnapshot snapshot, CancellationToken cancellation)
    {
        var actor = Actor.Of($"plugin:{plugin}", Role.Administrator);
        var watch = new ReadWatch();
        var edits = new MigratedEdits(plugin);
        // The names of before are known to the model of before; those of a plugin that comes back, to what is parked in it.
        var old = before.Whole;
        var granted = WithOwn(old.Model, after.Model.Whole);
        using var reader = new Reader(old, actor, snapshot, engine.Log, engine.Today, engine.Options, ownsSnapshot: false);
        IXrm door = new ReaderDoor(reader, watch);
        if (granted is not null)
            door = new GrantedDoor(door, plugin, granted, () => old.Model);
        var seen = 0L;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        foreach (var migrations in due.GroupBy(m => m.Type, StringComparer.Ordinal))
        {
            if (old.Model.Type(migrations.Key) is not { } type)
                continue;
            watch.Note(new Guard.TypeIsUnchanged(type, snapshot.Block));
            ImmutableArray<Migration> each = [.. migrations];
            await foreach (var rows in Pages(type, snapshot, cancellation))
            {
                foreach (var row in rows.Items)
                    await Each(EntityMaker.Make(reader, row), each, door, edits, stop);
                Progress?.Invoke(seen += rows.Items.Length);
            }
        }
        edits.ThrowIfRefused();
        var plan = await Plan(after, actor, granted, edits, snapshot, cancellation);
        return plan with { Guards = [.. plan.Guards, .. watch.Guards] };
    }

    private static async IAsyncEnumerable<Rows> Pages(ModelType type, ISnapshot snapshot, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        SortPosition? after = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = await snapshot.Read(new ReadStep.List { Views = [TypeView.Of(type)], Selection = new() { First = PageSize, After = after } }, cancellation);
            yield return rows;
            if (!rows.HasNext[0])
                yield break;
            after = new([], rows.Items[^1].Entity.Id);
        }
    }

    /// <summary>Runs the migrations over a thing, each seeing what those before it set.</summary>
    private async ValueTask Each(Entity entity, ImmutableArray<Migration> migrations, IXrm door, MigratedEdits edits, CancellationTokenSource stop)
    {
        var steps = new List<(Migration By, Migrating Thing)>(migrations.Length);
        foreach (var migration in migrations)
        {
            var thing = new Migrating(entity, steps.Count > 0 ? steps[^1].Thing.Set : Values.None, door);
            if (await Call(migration, thing, stop) is { } refused)
            {
                edits.Refuse(refused, entity, migration);
                return;
            }
            steps.Add((migration, thing));
            if (thing.IsDeleted)
                break;
        }
        edits.Take(entity, steps);
    }

    /// <summary>Calls a migration; answers what it refuses, null when nothing.</summary>
    /// <exception cref="Problem">Internal: it failed. Limit: it did not end. It is not asked about other things then.</exception>
    private async ValueTask<Problem?> Call(Migration migration, Migrating thing, CancellationTokenSource stop)
    {
        var call = Task.Run(() => migration.Each(thing, stop.Token).AsTask(), stop.Token);
        try
        {
            await call.WaitAsync(Limit, stop.Token);
            return null;
        }
        catch (Problem refused)
        {
            return refused;
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            await stop.CancelAsync();
            // Nobody waits for it any more; what it throws in the end is looked at and forgotten.
            _ = call.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw new Problem(MigratedEdits.Fault(ProblemCode.Limit, plugin, migration, thing.Entity,
                $"pas fini en {Limit.TotalSeconds:0.###} secondes.", $"did not end within {Limit.TotalSeconds:0.###} seconds.", "time"));
        }
        catch (Exception e) when (!(e is OperationCanceledException && stop.IsCancellationRequested))
        {
            Notices.MigrationFailed(engine.Options.Log, e, plugin, migration.To.ToString(), thing.Entity.Type);
            throw new Problem(MigratedEdits.Fault(ProblemCode.Internal, plugin, migration, thing.Entity, $"échec ({e.GetType().Name}).", $"failed ({e.GetType().Name}).", "failed"));
        }
    }

    private async ValueTask<MigratedData> Plan(Force after, Actor actor, PluginPermissions? granted, MigratedEdits edits, ISnapshot snapshot, CancellationToken cancellation)
    {
        var (day, now) = (engine.Today, engine.Time.GetUtcNow());
        var used = await Used(edits, snapshot, cancellation);
        var taken = edits.Settle(used, after.Model);
        var commit = new Commit(EntityId.New(now), edits.All);
        if (granted is not null)
            GrantedDoor.CheckWrites(commit, plugin, granted, after.Model.Whole);
        var view = after.Views.For(actor, day);
        var context = new PlanContext(after.Model, view, actor, commit, snapshot, engine.Log, day, now, taken, engine.Options.Log) { Migrates = true };
        try
        {
            var plan = await new Planner(context, new SavingHandlers(new Force(after.Model, []), engine.Options)).Plan(cancellation);
            // What comes back under an id that was deleted is as it was when that was looked at.
            return new(plan.Edits, [.. plan.Guards.Select(g => g is Guard.VersionIs { Version: 0 } fresh && used.TryGetValue(fresh.Id, out var record) ? fresh with { Version = record.Version } : g)]);
        }
        catch (Problem problem)
        {
            throw edits.Told(problem);
        }
    }

    /// <summary>The records that are or were under the ids that the migrations make.</summary>
    private static async ValueTask<Dictionary<Guid, Record>> Used(MigratedEdits edits, ISnapshot snapshot, CancellationToken cancellation)
    {
        var found = new Dictionary<Guid, Record>();
        foreach (var ids in edits.Made.Distinct().Chunk(PageSize))
            foreach (var row in (await snapshot.Read(new ReadStep.Records([.. ids]) { Views = [] }, cancellation)).Items)
                found.Add(row.Entity.Id, row.Entity);
        return found;
    }

    private PluginPermissions? WithOwn(CompiledModel before, CompiledModel after)
    {
        if (Granted is null)
            return null;
        var own = before.ByName.Values.Concat(after.ByName.Values).Where(t => t.Plugin == plugin).Select(t => t.Name);
        return Granted with { Writes = [.. Granted.Writes.Union(own)] };
    }
}
