using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Search;
using Xrm.Sdk;

namespace Xrm.Core.Tests.Search;

/// <summary>A search finds what a plain list of what the actor sees has in it, in the same order, by index and without.</summary>
public sealed class SearchOracleTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_is_found_is_what_a_plain_list_of_what_is_seen_has(int seed)
    {
        await using var world = new SearchWorld(seed);
        await world.Open();
        var found = 0;
        for (var round = 0; round < 6; round++)
        {
            if (round % 3 == 0)
                await world.ChangeModel();
            if (round == 4)
                await world.Open();
            await world.Change(await Seen(world.Engine, Actor.System));
            for (var i = 0; i < 12; i++)
                found += await Ask(world, $"seed {seed}, round {round}, question {i}");
            // The indexes that those searches wanted are there for the next ones.
            await world.Store.Settle();
            Check(world, $"seed {seed}, round {round}");
        }
        found.ShouldBeGreaterThan(0);
    }

    /// <returns>How many are found.</returns>
    private static async Task<int> Ask(SearchWorld world, string at)
    {
        var (actor, text) = (world.Actor(), world.Text());
        if (SearchText.Of(text).IsEmpty)
            return 0;
        at = $"{at}, {actor.Id} {string.Join('+', actor.Roles)}: {text}";
        using var reader = world.Engine.Read(actor);
        var expected = PlainSearch.Find(reader.Model, await Seen(world.Engine, actor), text);
        var all = await Read(reader, text, new Selection { Counts = true });
        Ids(all).ShouldBe(expected.Select(e => e.Id.Value), at);
        all.Counts.ShouldBe([expected.Count], at);
        all.Items.Select((row, i) => (row.Entity.Id, all.Found[i].Id)).ShouldAllBe(p => p.Item1 == p.Item2);
        await Page(reader, text, all, world.Next(3) + 1, at);
        foreach (var type in SearchWorld.Types)
            (await world.Engine.As(actor).Query(new Query(type).Search(text))).Entities.Select(e => e.Id).ShouldBe(expected.Where(e => e.Type == type).Select(e => e.Id), $"{at}, {type}");
        await Restricted(world, actor, text, [.. expected.Where(e => e.Type == "Body")], at);
        return expected.Count;
    }

    /// <summary>Pages, forward and backward, are the whole in pieces.</summary>
    private static async Task Page(Reader reader, string text, Rows all, int size, string at)
    {
        var forward = new List<Guid>();
        SortPosition? place = null;
        while (true)
        {
            var page = await Read(reader, text, new Selection { First = size, After = place });
            page.HasPrevious[0].ShouldBe(forward.Count > 0 || all.Items.Length == 0 && place is not null, at);
            forward.AddRange(Ids(page));
            page.HasNext[0].ShouldBe(forward.Count < all.Items.Length, at);
            if (!page.HasNext[0])
                break;
            place = page.Found[^1];
        }
        forward.ShouldBe(Ids(all), at);
        var backward = new List<Guid>();
        place = null;
        while (true)
        {
            var page = await Read(reader, text, new Selection { Last = size, Before = place });
            page.HasNext[0].ShouldBe(backward.Count > 0, at);
            backward.InsertRange(0, Ids(page));
            if (!page.HasPrevious[0])
                break;
            place = page.Found[0];
        }
        backward.ShouldBe(Ids(all), at);
    }

    /// <summary>A filter, days, an order and groups hold for what is found.</summary>
    private static async Task Restricted(SearchWorld world, Actor actor, string text, Entity[] bodies, string at)
    {
        using var reader = world.Engine.Read(actor);
        var type = reader.Model.Type("Body")!;
        var days = new Period(new DateOnly(2026, 1, 4), new DateOnly(2026, 1, 6));
        var size = type.ByName["size"];
        var rows = await reader.Read(new ReadStep.List
        {
            Views = [TypeView.Of(type) with { Where = reader.Bind(new Filter.Compare("size", Comparison.Greater, 3), type) }],
            During = days,
            Search = Searched.In(SearchText.Of(text), [type]),
            Selection = new Selection { Order = [new Sort(size, Descending: true)], First = 3, Counts = true, Groupings = [new Grouping([new Sort(size, false)], [])] },
        }, default);
        var expected = bodies.Where(b => Size(b) > 3 && b.Period is var p && p.From < days.To && (p.To is null || p.To > days.From) && p.From != p.To).ToArray();
        rows.Counts.ShouldBe([expected.Length], at);
        Ids(rows).ShouldBe(expected.OrderByDescending(Size).ThenBy(b => b.Id.ToString(), StringComparer.Ordinal).Take(3).Select(b => b.Id.Value), at);
        rows.Found.ShouldBeEmpty();
        rows.Groups[0].Select(g => (Number(g.Keys[0]), g.Count)).ShouldBe(expected.GroupBy(Size).OrderBy(g => g.Key).Select(g => (g.Key, (long)g.Count())), at);

        static int? Number(byte[] json) => System.Buffers.Text.Utf8Parser.TryParse(json, out int number, out _) ? number : null;

        static int? Size(Entity body) => body.Values.TryGet("size", out var value) ? (int?)value : null;
    }

    /// <summary>Batches keep an index as one built anew would be.</summary>
    private static void Check(SearchWorld world, string at)
    {
        var root = world.Store.Current;
        foreach (var state in root.Types)
        {
            if (state?.Words is not { } words)
                continue;
            var expected = new List<TreeKey>();
            var postings = new HashSet<ulong>();
            foreach (var key in Tree.Between(state.Extent, 0, int.MaxValue))
            {
                Postings.Of(words.Columns, root.Space[key.Slot], postings);
                expected.AddRange(postings.Select(p => new TreeKey(p, key.Slot)));
            }
            var kept = new List<TreeKey>();
            foreach (var key in Tree.Between(words.Tree, 0, int.MaxValue))
                kept.Add(key);
            kept.ShouldBe(expected.OrderBy(k => k.Prefix).ThenBy(k => k.Slot).ToList(), at);
        }
    }

    [Fact]
    public async Task An_index_is_built_when_a_search_wanted_it_and_goes_when_other_fields_are_searched()
    {
        await using var world = new SearchWorld(1);
        await world.Open();
        await world.ChangeModel();
        while ((await Seen(world.Engine, Actor.System)).Count(e => e.Type == "Person") < 3)
            await world.Change([]);
        var ordinal = world.Engine.Model.Type("Person")!.Ordinal;
        world.Store.Current.Type(ordinal)!.Words.ShouldBeNull();
        using (var reader = world.Engine.Read(Actor.System))
            await Read(reader, "martin", Selection.All);
        await world.Store.Settle();
        var words = world.Store.Current.Type(ordinal)!.Words!;
        words.Columns.Length.ShouldBe(Searched.FieldsOf(world.Engine.Model.Type("Person")!).Count());
        do
            await world.ChangeModel();
        while (Searched.FieldsOf(world.Engine.Model.Type("Person")!).Select(f => f.Ordinal).SequenceEqual(words.Columns.Select(c => c.IndexName)));
        world.Store.Current.Type(ordinal)!.Words.ShouldBeNull();
    }

    private static ValueTask<Rows> Read(Reader reader, string text, Selection selection) => reader.Read(new ReadStep.List
    {
        Views = [.. reader.Model.Types.Select(TypeView.Of)],
        Search = Searched.In(SearchText.Of(text), reader.Model.Types),
        Selection = selection,
    }, default);

    private static IEnumerable<Guid> Ids(Rows rows) => rows.Items.Select(r => r.Entity.Id);

    private static async Task<IReadOnlyList<Entity>> Seen(Engine engine, Actor actor)
    {
        var seen = new List<Entity>();
        foreach (var type in SearchWorld.Types)
            seen.AddRange((await engine.As(actor).Query(new Query(type))).Entities);
        return seen;
    }
}
