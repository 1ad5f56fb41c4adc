using System.Collections.Immutable;
using System.Text;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Sdk;
using Xrm.Testing;

namespace Xrm.Core.Tests.Access;

/// <summary>Asking with some roles answers as asking for everything where only what these roles may see was ever put in.</summary>
public sealed class OracleTests
{
    private static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 80)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task An_answer_is_that_of_data_filtered_and_masked_first(int seed)
    {
        var world = new RandomWorld(seed);
        await using var full = await Open(world);
        await Fill(full, world);
        foreach (var roles in (string[][])[["one"], ["one", "two"]])
        {
            await using var seen = await Open(world);
            await Copy(full, seen, world, roles);
            var actor = Actor.Of("user:x", roles);
            for (var i = 0; i < 12; i++)
            {
                var query = world.Question();
                Told(await full.As(actor).Query(query)).ShouldBe(Told(await seen.As(Admin).Query(query)), $"seed {seed}, roles {string.Join('+', roles)}, {query}");
                var field = world.Field(query.Type);
                using var one = full.Read(actor);
                using var other = seen.Read(Admin);
                (await Sums(one, query, field)).ShouldBe(await Sums(other, query, field), $"seed {seed}, groups by {field}, {query}");
            }
        }
    }

    internal static async Task<Engine> Open(RandomWorld world)
    {
        var clock = new TestClock(TestClock.Monday);
        var engine = await Engine.Open(ImageStore.Open(new MemoryJournal(), new ImageStoreOptions { Time = clock, IndexFrom = 4 }), new EngineOptions { Time = clock }, default);
        await engine.ChangeModel([world.Model], Actor.System, default);
        return engine;
    }

    internal static async Task Fill(Engine engine, RandomWorld world)
    {
        await engine.Commit(new Commit(EntityId.New(), [.. world.Things()]), Actor.System, default);
        var things = await All(engine, world);
        for (var i = 0; i < 40; i++)
            if (world.Relate(things) is { } edit)
                try
                {
                    await engine.Commit(Commit.New().And(edit), Actor.System, default);
                }
                catch (Problem problem) when (problem.Faults.All(f => f.Rule is "one" or "CORE-R01" or "self"))
                {
                    // Random pairs may not all be related at once.
                }
    }

    internal static async Task<Entity[]> All(Engine engine, RandomWorld world)
    {
        var all = new List<Entity>();
        foreach (var type in world.Types)
            all.AddRange((await engine.As(Actor.System).Query(new Query(type.Name)
            {
                Includes = [.. world.Links.Where(l => l.Source.Types.Contains(type.Name)).Select(l => new Include(l.Source.Name) { During = Period.Always })],
            })).Entities);
        return [.. all];
    }

    /// <summary>Puts into an engine what some roles see of another, and nothing else.</summary>
    internal static async Task Copy(Engine full, Engine seen, RandomWorld world, string[] roles)
    {
        var grants = world.Roles.Where(r => roles.Contains(r.Name)).SelectMany(r => r.Grants).ToArray();
        await Put(seen, world, await All(full, world), await Shown(full, world, grants), link => grants.Where(g => g.Type == link.Type && Holds(g.Where, link.Values)));
    }

    /// <summary>Puts into an engine what is shown of some things and of the relationships between them.</summary>
    /// <param name="held">The grants that show a relationship.</param>
    internal static async Task Put(Engine seen, RandomWorld world, IReadOnlyCollection<Entity> things, Dictionary<EntityId, HashSet<string>> shown, Func<Relationship, IEnumerable<Grant>> held)
    {
        var commit = Commit.New();
        foreach (var thing in things.Where(t => shown.ContainsKey(t.Id)))
        {
            var values = Values.Of([.. thing.Values.Where(v => shown[thing.Id].Contains(v.Key)).Select(v => (v.Key, v.Value))]);
            if (world.Types.Single(t => t.Name == thing.Type).IsDated)
                values = values.With("validFrom", thing.Period.From).With("validTo", thing.Period.To);
            commit = commit.And(new Edit.Create(thing.Type, thing.Id, values));
        }
        foreach (var link in things.SelectMany(t => t.Related.Values).SelectMany(l => l).DistinctBy(l => l.Id))
        {
            var type = world.Links.Single(l => l.Name == link.Type);
            var showing = held(link).ToArray();
            if (showing.Length == 0 || !shown.ContainsKey(link.Source) || !shown.ContainsKey(link.Target))
                continue;
            var fields = showing.SelectMany(g => Shown(g, type.Fields)).ToHashSet();
            commit = commit.And(new Edit.Relate(link.Type, link.Id, link.Source, link.Target, link.Period, Values.Of([.. link.Values.Where(v => fields.Contains(v.Key)).Select(v => (v.Key, v.Value))])));
        }
        await seen.Commit(commit, Actor.System, default);
    }

    /// <summary>The fields that grants show of each thing that they show.</summary>
    internal static async Task<Dictionary<EntityId, HashSet<string>>> Shown(Engine full, RandomWorld world, Grant[] grants)
    {
        var shown = new Dictionary<EntityId, HashSet<string>>();
        foreach (var grant in grants)
            if (world.Types.FirstOrDefault(t => t.Name == grant.Type) is { } type)
                foreach (var entity in (await full.As(Actor.System).Query(new Query(type.Name) { Filter = grant.Where })).Entities)
                {
                    shown.TryAdd(entity.Id, []);
                    shown[entity.Id].UnionWith(Shown(grant, type.Fields));
                }
        return shown;
    }

    internal static IEnumerable<string> Shown(Grant grant, ImmutableArray<FieldDescription> fields) =>
        fields.Where(f => !f.IsHidden && (grant.Fields is { } named ? named.Contains(f.Name) : f.Sensitivity <= grant.UpTo)).Select(f => f.Name);

    internal static bool Holds(Filter? filter, Values values) =>
        filter is not Filter.Compare { Value: int least } || values.TryGet("w", out var w) && w is int weight && weight >= least;

    internal static async Task<string> Sums(Reader reader, Query query, string field)
    {
        var type = reader.Model.Type(query.Type)!;
        var rows = await reader.Read(new ReadStep.List
        {
            Views = [TypeView.Of(type) with { Where = query.Filter is null ? null : reader.Bind(query.Filter, type, query.During) }],
            During = query.During,
            Selection = new Selection { Counts = true, WantsRows = false, Groupings = [new Grouping([new Sort(type.ByName[field], false)], [new Sort(type.ByName["n1"], false)])] },
        }, default);
        var told = rows.Groups[0].Select(g => $"{Encoding.UTF8.GetString(g.Keys[0])} {g.Count} {g.Sums[0]}").Order(StringComparer.Ordinal);
        return $"{rows.Counts[0]}: {string.Join("; ", told)}";
    }

    internal static string Told(Page page)
    {
        var text = new StringBuilder().Append(page.HasMore).Append('\n');
        foreach (var entity in page.Entities)
            Tell(text, entity, 0);
        return text.ToString();
    }

    private static void Tell(StringBuilder text, Entity entity, int depth)
    {
        text.Append(' ', depth).Append(entity.Type).Append(' ').Append(entity.Id).Append(' ').Append(entity.DisplayName).Append(' ').Append(entity.Period).Append(Fields(entity.Values)).Append('\n');
        foreach (var (end, links) in entity.Related.OrderBy(r => r.Key, StringComparer.Ordinal))
            foreach (var link in links)
            {
                text.Append(' ', depth + 1).Append(end).Append(' ').Append(link.Id).Append(' ').Append(link.Period).Append(Fields(link.Values)).Append('\n');
                Tell(text, link.Other!, depth + 2);
            }
    }

    private static string Fields(Values values) => string.Concat(values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $" {v.Key}={v.Value}"));
}
