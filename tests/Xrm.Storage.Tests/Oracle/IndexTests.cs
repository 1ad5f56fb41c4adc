using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Oracle;

/// <summary>Questions that an index answers by itself: values asked for equality, a range and orders within, pages, counts, groups. A store with indexes answers as one that looks at everything.</summary>
public class IndexTests
{
    private static readonly string[] Fields = ["name", "age", "worth", "born", "code"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public async Task What_an_index_answers_is_what_looking_at_everything_finds(int seed)
    {
        var world = new RandomWorld(seed);
        await using var store = ImageStore.Open(new MemoryJournal(), new() { IndexFrom = 0 });
        await using var plain = ImageStore.Open(new MemoryJournal(), new() { IndexFrom = int.MaxValue });
        await store.Prepare(world.Model, Cancel);
        await plain.Prepare(world.Model, Cancel);
        var living = new List<Guid>();
        var asked = new List<ReadStep.List>();
        for (var round = 0; round < 6; round++)
        {
            var plan = Some.Plan([.. Edits(world, living)]);
            await store.Write(plan, Cancel);
            await plain.Write(plan, Cancel);
            for (var i = 0; i < 25; i++)
                asked.Add(await Question(world, plain));
            // Each is asked when its index is not there yet, when it is, and when later rounds have changed it.
            foreach (var step in asked)
                await Same(store, plain, step, seed);
            await store.Settle();
        }
        store.Current.Type(world.Person.Ordinal)!.Indexes.Count(i => i.Order.Apart.Length > 0 || i.Order.By.Length > 1).ShouldBeGreaterThan(5);
        plain.Current.Type(world.Person.Ordinal)!.Indexes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Groups_over_a_whole_type_are_counted_by_an_index_and_follow_what_is_written()
    {
        var world = new RandomWorld(1);
        await using var store = ImageStore.Open(new MemoryJournal(), new() { IndexFrom = 0 });
        await store.Prepare(world.Model, Cancel);
        Guid[] ids = [.. Enumerable.Range(0, 3).Select(_ => world.NewId())];
        await store.Write(Some.Plan([.. ids.Select((id, i) => Some.Create(world.Person, id, ("name", i < 2 ? "a" : null), ("age", 1)))]), Cancel);
        var step = Some.List(world.Person, null, new() { WantsRows = false, Groupings = [Grouping(world, "name", "age")] });

        (await Counted(store, step)).ShouldBe(["\"a\",1: 2", ",1: 1"]);
        await store.Settle();
        store.Current.Type(world.Person.Ordinal)!.Indexes.ShouldHaveSingleItem().Order.Apart.Length.ShouldBe(2);
        (await Counted(store, step)).ShouldBe(["\"a\",1: 2", ",1: 1"]);
        await store.Write(Some.Plan(Some.Update(world.Person, ids[0], ("name", "b")), Some.Delete(world.Person, ids[2])), Cancel);
        (await Counted(store, step)).ShouldBe(["\"a\",1: 1", "\"b\",1: 1"]);
    }

    [Fact]
    public async Task Groups_counted_once_are_answered_again_until_something_is_written_and_in_the_order_that_is_asked()
    {
        var world = new RandomWorld(1);
        await using var store = ImageStore.Open(new MemoryJournal(), new() { IndexFrom = 0 });
        await store.Prepare(world.Model, Cancel);
        Guid[] ids = [.. Enumerable.Range(0, 4).Select(_ => world.NewId())];
        await store.Write(Some.Plan([.. ids.Select((id, i) => Some.Create(world.Person, id, ("name", i % 2 == 0 ? "a" : "b"), ("age", i / 2)))]), Cancel);
        var byName = Some.List(world.Person, null, new() { WantsRows = false, Groupings = [Grouping(world, "name", "age")] });
        var byAge = Some.List(world.Person, null, new() { WantsRows = false, Groupings = [Grouping(world, "age", "name")] });
        await Counted(store, byName);
        await store.Settle();

        for (var i = 0; i < 2; i++)
        {
            (await Counted(store, byName)).ShouldBe(["\"a\",0: 1", "\"a\",1: 1", "\"b\",0: 1", "\"b\",1: 1"]);
            (await Counted(store, byAge)).ShouldBe(["0,\"a\": 1", "0,\"b\": 1", "1,\"a\": 1", "1,\"b\": 1"]);
        }
        using var before = store.Snapshot();
        var index = store.Current.Type(world.Person.Ordinal)!.Indexes.ShouldHaveSingleItem();
        var counted = (await before.Read(byAge, Cancel)).Groups[0];
        (await before.Read(byAge, Cancel)).Groups[0].ShouldBe(counted, "the very same list");
        index.Counts!.Groups.ShouldBe(counted);

        await store.Write(Some.Plan(Some.Create(world.Person, world.NewId(), ("name", "c"), ("age", 0)), Some.Delete(world.Person, ids[0])), Cancel);
        store.Current.Type(world.Person.Ordinal)!.Indexes.ShouldHaveSingleItem().Counts.ShouldBeNull();
        (await Counted(store, byAge)).ShouldBe(["0,\"b\": 1", "0,\"c\": 1", "1,\"a\": 1", "1,\"b\": 1"]);
        (await Counted(store, byName)).ShouldBe(["\"a\",1: 1", "\"b\",0: 1", "\"b\",1: 1", "\"c\",0: 1"]);
        (await before.Read(byAge, Cancel)).Groups[0].Length.ShouldBe(4);
    }

    [Fact]
    public async Task Values_with_the_same_half_of_a_hash_are_told_apart()
    {
        var world = new RandomWorld(1);
        var (one, other) = Alike();
        await using var store = ImageStore.Open(new MemoryJournal(), new() { IndexFrom = 0 });
        await using var plain = ImageStore.Open(new MemoryJournal(), new() { IndexFrom = int.MaxValue });
        await store.Prepare(world.Model, Cancel);
        await plain.Prepare(world.Model, Cancel);
        // Names that begin with the same four letters: only a record tells their order.
        var plan = Some.Plan([.. Enumerable.Range(0, 200).Select(i => Some.Create(world.Person, world.NewId(), ("code", i % 2 == 0 ? one : other), ("name", $"abcd{world.Next(50):00}")))]);
        await store.Write(plan, Cancel);
        await plain.Write(plan, Cancel);
        var name = world.Person.ByName["name"];
        foreach (var code in new[] { one, other })
            for (var i = 0; i < 50; i++)
            {
                var where = new Predicate.And([Some.Where(world.Person, "code", Comparison.Equal, code), Some.Where(world.Person, "name", i % 2 == 0 ? Comparison.GreaterOrEqual : Comparison.Less, $"abcd{i:00}")]);
                var selection = new Selection { Order = [new(name, i % 3 == 0)], Counts = true, First = 5 };
                for (var round = 0; round < 2; round++)
                {
                    await Same(store, plain, Some.List(world.Person, where, selection), 1);
                    await Same(store, plain, Some.List(world.Person, where.Parts[0], selection with { After = new([JsonValue.Write(Shape.Text, $"abcd{i:00}")], world.NewId()) }), 1);
                    await store.Settle();
                }
            }
        store.Current.Type(world.Person.Ordinal)!.Indexes.ShouldContain(i => i.Order.Apart.Length == 1 && i.Values == null);
    }

    /// <summary>Two texts whose hashes have the same upper half.</summary>
    private static (string One, string Other) Alike()
    {
        var seen = new Dictionary<uint, string>();
        for (var i = 0; ; i++)
        {
            var text = $"code {i}";
            var half = (uint)(IndexOrder.Hash([JsonValue.Write(Shape.Text, text)]) >> 32);
            if (!seen.TryAdd(half, text))
                return (seen[half], text);
        }
    }

    private static async Task<IEnumerable<string>> Counted(ImageStore store, ReadStep step)
    {
        using var snapshot = store.Snapshot();
        return (await snapshot.Read(step, Cancel)).Groups.Single().Select(g => $"{string.Join(',', g.Keys.Select(k => System.Text.Encoding.UTF8.GetString(k)))}: {g.Count}");
    }

    private static async Task Same(ImageStore store, ImageStore plain, ReadStep.List step, int seed)
    {
        using var fast = store.Snapshot();
        using var slow = plain.Snapshot();
        var (answered, expected) = (await fast.Read(step, Cancel), await slow.Read(step, Cancel));
        var at = $"seed {seed}: {Text(step.Views[0].Where)} by {string.Join(',', step.Selection.Order.Select(o => (o.Descending ? "-" : "") + o.Field.Name))} {step.Selection}";
        answered.Items.Select(r => r.Entity.Id).ShouldBe(expected.Items.Select(r => r.Entity.Id), at);
        answered.Counts.ShouldBe(expected.Counts, at);
        if (step.Selection.WantsRows)
        {
            answered.HasNext.ShouldBe(expected.HasNext, at);
            answered.HasPrevious.ShouldBe(expected.HasPrevious, at);
        }
        answered.Groups.SelectMany(g => g).Select(Text).ShouldBe(expected.Groups.SelectMany(g => g).Select(Text), at);
    }

    private static string Text(Predicate? where) => where switch
    {
        Predicate.And and => $"({string.Join(" & ", and.Parts.Select(Text))})",
        Predicate.Compare compare => $"{compare.Field.Name} {compare.How} {string.Join(',', compare.Operands)}",
        _ => where?.ToString() ?? "",
    };

    internal static string Text(Group group) => $"{string.Join(',', group.Keys.Select(Convert.ToHexString))}: {group.Count}";

    private static IEnumerable<RecordEdit> Edits(RandomWorld world, List<Guid> living)
    {
        foreach (var id in living.Where(_ => world.Chance(6)).ToList())
            if (world.Chance(4))
            {
                living.Remove(id);
                yield return Some.Delete(world.Person, id);
            }
            else
                yield return Some.Update(world.Person, id, [.. Fields.Where(_ => world.Chance(2)).Select(f => (f, world.Value(world.Person.ByName[f])))]);
        for (var i = 0; i < 60; i++)
        {
            living.Add(world.NewId());
            yield return Some.Create(world.Person, living[^1], [.. Fields.Select(f => (f, world.Value(world.Person.ByName[f])))]);
        }
    }

    private static async Task<ReadStep.List> Question(RandomWorld world, ImageStore plain)
    {
        var parts = Fields.Where(_ => world.Chance(4)).Select(f => (Predicate)Some.Where(world.Person, f, Comparison.Equal, world.Value(world.Person.ByName[f]))).ToList();
        if (world.Chance(2))
        {
            var field = world.Person.ByName[world.Pick(Fields)];
            var how = world.Pick(field.Shape == Shape.Text ? [Comparison.StartsWith, Comparison.Greater, Comparison.LessOrEqual] : new[] { Comparison.GreaterOrEqual, Comparison.Less });
            parts.Add(Some.Where(world.Person, field.Name, how, how == Comparison.StartsWith ? world.Pick(new[] { "z", "e", "zoe ma", "Zoé Martin" }) : world.One(field)));
        }
        if (world.Chance(4))
            parts.Add(world.Predicate(world.Person, 1));
        ImmutableArray<Sort> order = [.. Enumerable.Range(0, world.Next(4)).Select(_ => world.Pick(Fields)).Distinct().Select(f => new Sort(world.Person.ByName[f], world.Chance(2)))];
        var where = parts.Count == 0 ? null : new Predicate.And([.. parts]);
        var selection = new Selection
        {
            Order = order,
            Counts = world.Chance(2),
            WantsRows = !world.Chance(6),
            Groupings = world.Chance(5) ? [Grouping(world, [.. Fields.Where(_ => world.Chance(2))])] : [],
            First = world.Chance(2) ? world.Next(8) : null,
            Offset = world.Chance(3) ? world.Next(60) : 0,
        };
        selection = selection with { Last = selection.Offset == 0 && selection.First is null && world.Chance(2) ? world.Next(8) : null };
        if (world.Chance(3) && await Place(plain, Some.List(world.Person, world.Chance(2) ? where : null, new() { Order = order }), world) is { } place)
            selection = world.Chance(2) ? selection with { After = place } : selection with { Before = place };
        return Some.List(world.Person, where, selection);
    }

    private static Grouping Grouping(RandomWorld world, params string[] fields) => new([.. fields.Select(f => new Sort(world.Person.ByName[f], false))], []);

    private static async Task<SortPosition?> Place(ImageStore plain, ReadStep.List step, RandomWorld world)
    {
        using var snapshot = plain.Snapshot();
        var rows = (await snapshot.Read(step, Cancel)).Items;
        if (rows.Length == 0)
            return null;
        var row = rows[world.Next(rows.Length)];
        return new([.. step.Selection.Order.Select(s => row.Entity.TryGet(s.Field.Ordinal, out var json) ? json.ToArray() : [])], row.Entity.Id);
    }
}
