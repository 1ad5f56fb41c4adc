using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Oracle;

/// <summary>Lists walked page by page, each page on the newest state, while others make, change and delete things between pages.</summary>
public class PageWalkTests
{
    private const int Things = 300;

    private readonly ModelType _person;
    private readonly CompiledModel _model;

    public PageWalkTests()
    {
        var some = new SomeModel();
        _person = some.Type("Person", dated: false, ("name", Shape.Text, false), ("age", Shape.Integer, false));
        _model = some.Compile();
    }

    public static TheoryData<int, string, bool, bool> Walks
    {
        get
        {
            var walks = new TheoryData<int, string, bool, bool>();
            for (var seed = 1; seed <= 6; seed++)
                foreach (var order in new[] { "", "name", "age,name" })
                    foreach (var backward in new[] { false, true })
                        walks.Add(seed, order, seed % 2 == 0, backward);
            return walks;
        }
    }

    [Theory, MemberData(nameof(Walks))]
    public async Task What_nobody_touches_is_met_once_and_in_order_however_the_rest_changes(int seed, string order, bool descending, bool backward)
    {
        var random = new Random(seed);
        await using var store = ImageStore.Open(new MemoryJournal());
        await store.Prepare(_model, Cancel);
        var ids = Enumerable.Range(0, Things).Select(_ => Some.Id()).ToArray();
        await Write(store, [.. ids.Select(id => Some.Create(_person, id, Values(random)))]);
        var sorts = order.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(f => new Sort(_person.ByName[f], descending)).ToImmutableArray();
        var whole = await Page(store, new Selection { Order = sorts });
        var restless = ids.Where(_ => random.Next(3) == 0).ToHashSet();
        var living = restless.ToList();

        var met = new List<Guid>();
        SortPosition? place = null;
        for (var more = true; more;)
        {
            var size = random.Next(1, 20);
            var page = await Page(store, backward
                ? new Selection { Order = sorts, Last = size, Before = place }
                : new Selection { Order = sorts, First = size, After = place });
            page.Items.Length.ShouldBeLessThanOrEqualTo(size);
            var rows = backward ? page.Items.Reverse().ToArray() : page.Items;
            met.AddRange(rows.Select(r => r.Entity.Id));
            more = backward ? page.HasPrevious[0] : page.HasNext[0];
            if (rows.Length > 0)
                place = new([.. sorts.Select(s => rows[^1].Entity.TryGet(s.Field.Ordinal, out var json) ? json.ToArray() : [])], rows[^1].Entity.Id);
            await Disturb(store, random, living);
        }

        var steady = whole.Items.Select(r => r.Entity.Id).Where(id => !restless.Contains(id)).ToArray();
        if (backward)
            Array.Reverse(steady);
        var known = steady.ToHashSet();
        met.Where(known.Contains).ShouldBe(steady);
    }

    private async Task Disturb(ImageStore store, Random random, List<Guid> living)
    {
        var edits = new List<RecordEdit> { Some.Create(_person, Some.Id(), Values(random)) };
        for (var i = 0; i < 4 && living.Count > 0; i++)
        {
            var at = random.Next(living.Count);
            var id = living[at];
            if (edits.Any(e => e.Id == id))
                continue;
            if (random.Next(3) == 0)
            {
                edits.Add(Some.Delete(_person, id));
                living.RemoveAt(at);
            }
            else
                edits.Add(Some.Update(_person, id, Values(random)));
        }
        await Write(store, [.. edits]);
    }

    // Few names and ages, some missing and some that differ by accents alone, so that ties and nulls are met often.
    private static (string, object?)[] Values(Random random) =>
    [
        ("name", random.Next(6) switch { 0 => null, 1 => "Élise", 2 => "elise", 3 => "Zoé", _ => "n" + random.Next(20) }),
        ("age", random.Next(4) == 0 ? null : random.Next(5)),
    ];

    private async Task<Rows> Page(ImageStore store, Selection selection)
    {
        using var snapshot = store.Snapshot();
        return await snapshot.Read(Some.List(_person, selection: selection), Cancel);
    }

    private static async Task Write(ImageStore store, RecordEdit[] edits) =>
        (await store.Write(Some.Plan(edits), Cancel)).Receipt.ShouldNotBeNull();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
