using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Running;
using Xrm.Sdk;
using Xrm.Testing;

namespace Xrm.Core.Tests.Access;

/// <summary>Asking with some roles as of a moment answers as asking for everything where only what these roles may see, then and now, was ever put in.</summary>
public sealed class AsOfOracleTests
{
    private const int Far = 1_000_000;
    private static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(2000, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_past_is_that_of_data_filtered_by_what_holds_then_and_now(int seed)
    {
        var world = new RandomWorld(seed);
        var clock = new TestClock(TestClock.Monday);
        await using var engine = await Engine.Open(ImageStore.Open(new MemoryJournal(), new() { Time = clock, IndexFrom = 4 }), new() { Time = clock }, default);
        await engine.ChangeModel([world.Model], Actor.System, default);
        await OracleTests.Fill(engine, world);
        var life = new Life(engine, world, clock);
        await life.Note();
        for (var i = 0; i < 24; i++)
        {
            await clock.Advance(minutes: 1);
            await engine.Commit(Commit.New().And(world.Change(await OracleTests.All(engine, world))), Actor.System, default);
            await life.Note();
        }
        foreach (var roles in (string[][])[["one"], ["one", "two"]])
            foreach (var moment in (int[])[0, 7, 15, 22, 24])
            {
                await using var seen = await OracleTests.Open(world);
                await life.Copy(moment, seen, roles);
                using var reader = engine.Read(Actor.Of("user:x", roles));
                var past = await reader.AsOf(life.Moments[moment].At, Far, default);
                for (var i = 0; i < 5; i++)
                {
                    var query = world.Question();
                    var told = $"seed {seed}, roles {string.Join('+', roles)}, moment {moment}, {query}";
                    OracleTests.Told(await new QueryRunner(past, computes: false).Query(query, default)).ShouldBe(OracleTests.Told(await seen.As(Admin).Query(query)), told);
                    using var other = seen.Read(Admin);
                    var field = world.Field(query.Type);
                    (await OracleTests.Sums(past, query, field)).ShouldBe(await OracleTests.Sums(other, query, field), told);
                }
            }
    }

    /// <summary>What there was after each change, and for which of it each grant held.</summary>
    private sealed class Life(Engine engine, RandomWorld world, TestClock clock)
    {
        private readonly Dictionary<EntityId, HashSet<Grant>> _last = [];
        private readonly Dictionary<EntityId, Values> _links = [];
        private readonly HashSet<EntityId> _there = [];

        public List<(DateTimeOffset At, Entity[] Things, Dictionary<EntityId, HashSet<Grant>> Held)> Moments { get; } = [];

        public async Task Note()
        {
            var things = await OracleTests.All(engine, world);
            var held = things.ToDictionary(t => t.Id, _ => new HashSet<Grant>(ReferenceEqualityComparer.Instance));
            foreach (var grant in world.Roles.SelectMany(r => r.Grants).Where(g => world.Types.Any(t => t.Name == g.Type)))
                foreach (var entity in (await engine.As(Actor.System).Query(new Query(grant.Type) { Filter = grant.Where })).Entities)
                    held[entity.Id].Add(grant);
            Moments.Add((clock.GetUtcNow(), things, held));
            _there.Clear();
            foreach (var (id, grants) in held)
            {
                _last[id] = grants;
                _there.Add(id);
            }
            foreach (var link in things.SelectMany(t => t.Related.Values).SelectMany(l => l))
                _links[link.Id] = link.Values;
        }

        /// <summary>Puts into an engine what some roles may see of a moment.</summary>
        public async Task Copy(int moment, Engine seen, string[] roles)
        {
            var grants = world.Roles.Where(r => roles.Contains(r.Name)).SelectMany(r => r.Grants).ToArray();
            var (_, things, held) = Moments[moment];
            var shown = new Dictionary<EntityId, HashSet<string>>();
            foreach (var thing in things)
                foreach (var grant in grants.Where(g => held[thing.Id].Contains(g) && _last[thing.Id].Contains(g) && (_there.Contains(thing.Id) || !AsksLinks(g.Where))))
                {
                    shown.TryAdd(thing.Id, []);
                    shown[thing.Id].UnionWith(OracleTests.Shown(grant, world.Types.Single(t => t.Name == thing.Type).Fields));
                }
            await OracleTests.Put(seen, world, things, shown, link => grants.Where(g => g.Type == link.Type && OracleTests.Holds(g.Where, link.Values) && OracleTests.Holds(g.Where, _links[link.Id])));
        }

        private static bool AsksLinks(Filter? filter) => filter switch
        {
            Filter.Through => true,
            Filter.And and => and.Filters.Any(AsksLinks),
            Filter.Or or => or.Filters.Any(AsksLinks),
            Filter.Not not => AsksLinks(not.Filter),
            _ => false,
        };
    }
}
