using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Tests.Access;

/// <summary>The past as roles see it, of random models, grants, data and changes, against what they see now and against the whole log.</summary>
public sealed class PastOracleTests
{
    private static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1000, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_past_tells_a_role_nothing_that_it_may_not_see_now(int seed)
    {
        var world = new RandomWorld(seed);
        await using var engine = await Lived(world);
        var whole = (await Feed(engine, Actor.System)).Where(c => c.Field is not null).ToDictionary(c => (c.Cursor, c.Field));
        var things = (await OracleTests.All(engine, world)).ToDictionary(t => t.Id);
        var links = things.Values.SelectMany(t => t.Related.Values).SelectMany(l => l).DistinctBy(l => l.Id).ToDictionary(l => l.Id);
        foreach (var roles in (string[][])[["one"], ["one", "two"]])
        {
            var actor = Actor.Of("user:x", roles);
            var sight = await Sight(engine, world, roles, things, links, whole.Values);
            var feed = await Feed(engine, actor);
            foreach (var change in feed.Where(c => c.Kind != ChangeKind.Model))
            {
                var told = $"seed {seed}, roles {string.Join('+', roles)}, {change}";
                sight.Granted.ShouldContain(change.Type, told);
                if (change.Kind is ChangeKind.Left or ChangeKind.Deleted or ChangeKind.Unrelated)
                {
                    (change.Field, change.Before, change.After).ShouldBe((null, null, null), told);
                    continue;
                }
                sight.MaySee(change).ShouldBeTrue(told);
                if (change.Field is not { } field)
                    continue;
                var real = whole[(change.Cursor, field)];
                if (change.Before is not null)
                    change.Before.ShouldBe(real.Before, told);
                if (change.After is not null)
                    change.After.ShouldBe(real.After, told);
            }
            foreach (var id in things.Keys)
                if (sight.Things.ContainsKey(id))
                    Texts(await History(engine, actor, id)).ShouldBe(Texts(feed.Where(c => c.Id == id)), $"seed {seed}, history of {id}");
                else
                    (await Should.ThrowAsync<Problem>(() => History(engine, actor, id))).Code.ShouldBe(ProblemCode.NotFound);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_past_tells_an_administrator_all_but_hidden_fields(int seed)
    {
        var world = new RandomWorld(seed);
        await using var engine = await Lived(world);
        var told = (await Feed(engine, Admin)).ToLookup(c => c.Cursor);
        await foreach (var change in engine.Log.Read(Cursor.Start, default))
        {
            var here = told[change.Place].ToArray();
            here.ShouldNotBeEmpty($"seed {seed}, {change.Kind} at {change.Place}");
            if (change.Kind == ChangeKind.Model)
                continue;
            here.ShouldAllBe(c => c.Kind == change.Kind && c.Id == new EntityId(change.Id));
            if (change.Kind is ChangeKind.Deleted or ChangeKind.Unrelated)
                continue;
            var type = engine.Model.ByOrdinal[change.TypeOrdinal];
            foreach (var field in type.Fields)
            {
                var (before, after) = (Json(change.Before, field), Json(change.After, field));
                var isTold = !field.Description.IsHidden && before != after;
                here.Where(c => c.Field == field.Name).Select(c => (Text(field, c.Before), Text(field, c.After))).ShouldBe(isTold ? [(before, after)] : [], $"seed {seed}, {type.Name}.{field.Name} at {change.Place}");
            }
        }
    }

    private static async Task<Engine> Lived(RandomWorld world)
    {
        var engine = await OracleTests.Open(world);
        await OracleTests.Fill(engine, world);
        for (var i = 0; i < 30; i++)
            await engine.Commit(Commit.New().And(world.Change(await OracleTests.All(engine, world))), Actor.System, default);
        return engine;
    }

    /// <summary>What roles see now, told by what the grants say of each thing and each relationship.</summary>
    private static async Task<Seen> Sight(Engine engine, RandomWorld world, string[] roles, Dictionary<EntityId, Entity> things, Dictionary<EntityId, Relationship> links, IEnumerable<Change> whole)
    {
        var grants = world.Roles.Where(r => roles.Contains(r.Name)).SelectMany(r => r.Grants).ToArray();
        var shown = await OracleTests.Shown(engine, world, grants);
        var related = new Dictionary<EntityId, HashSet<string>>();
        foreach (var link in links.Values)
        {
            var type = world.Links.Single(l => l.Name == link.Type);
            var held = grants.Where(g => g.Type == link.Type && OracleTests.Holds(g.Where, link.Values)).ToArray();
            if (held.Length > 0 && shown.ContainsKey(link.Source) && shown.ContainsKey(link.Target))
                related.Add(link.Id, [.. held.SelectMany(g => OracleTests.Shown(g, type.Fields)), "source", "target", "validFrom", "validTo"]);
        }
        foreach (var fields in shown.Values)
            fields.UnionWith(["validFrom", "validTo"]);
        var gone = grants.GroupBy(g => g.Type).Where(g => g.All(x => x.Where is null)).ToDictionary(g => g.Key, g => g.SelectMany(x => OracleTests.Shown(x, Fields(world, g.Key))).Concat(["source", "target", "validFrom", "validTo"]).ToHashSet());
        // One whose end is gone is left as it was; it is told where things of its ends' types are seen whatever they were.
        foreach (var past in whole.Where(c => c.Field is not null && !links.ContainsKey(c.Id)).GroupBy(c => c.Id))
            if (world.Links.FirstOrDefault(l => l.Name == past.First().Type) is { } type && type.Source.Types.Concat(type.Target.Types).All(gone.ContainsKey))
            {
                var last = past.Where(c => c.Field == "w").Aggregate(Values.None, (values, c) => values.With("w", c.After));
                var held = grants.Where(g => g.Type == type.Name && OracleTests.Holds(g.Where, last)).ToArray();
                if (held.Length > 0)
                    related.Add(past.Key, [.. held.SelectMany(g => OracleTests.Shown(g, type.Fields)), "source", "target", "validFrom", "validTo"]);
            }
        return new Seen([.. grants.Select(g => g.Type)], shown, related, gone, [.. things.Keys, .. links.Keys]);
    }

    private static ImmutableArray<FieldDescription> Fields(RandomWorld world, string type) =>
        world.Types.FirstOrDefault(t => t.Name == type)?.Fields ?? world.Links.Single(l => l.Name == type).Fields;

    private static async Task<List<Change>> Feed(Engine engine, Actor actor)
    {
        var told = new List<Change>();
        await foreach (var change in engine.As(actor).Changes(Cursor.Start))
            told.Add(change);
        return told;
    }

    private static async Task<List<Change>> History(Engine engine, Actor actor, EntityId id)
    {
        var told = new List<Change>();
        using var reader = engine.Read(actor);
        await foreach (var change in reader.History(id.Value, Cursor.Start, default))
            told.Add(change);
        return told;
    }

    private static string[] Texts(IEnumerable<Change> changes) => [.. changes.Select(c => c.ToString())];

    private static string Json(byte[] set, ModelField field) => FieldSet.TryGet(set, field.Ordinal, out var json) ? System.Text.Encoding.UTF8.GetString(json) : "";

    private static string Text(ModelField field, object? value) => value is null ? "" : System.Text.Encoding.UTF8.GetString(JsonValue.Write(field.Shape, value));

    /// <param name="Granted">The types on which there is a grant.</param>
    /// <param name="Things">The fields of each thing seen.</param>
    /// <param name="Links">The fields of each relationship seen.</param>
    /// <param name="Gone">The fields of types whose grants depend on nothing, by which things that are gone are told.</param>
    /// <param name="There">What is there now, seen or not.</param>
    private sealed record Seen(HashSet<string> Granted, Dictionary<EntityId, HashSet<string>> Things, Dictionary<EntityId, HashSet<string>> Links, Dictionary<string, HashSet<string>> Gone, HashSet<EntityId> There)
    {
        public bool MaySee(Change change)
        {
            var fields = Things.GetValueOrDefault(change.Id) ?? Links.GetValueOrDefault(change.Id) ?? (There.Contains(change.Id) ? null : Gone.GetValueOrDefault(change.Type));
            return fields is not null && (change.Field is null || fields.Contains(change.Field));
        }
    }
}
