using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Oracle;

/// <summary>Random commits and questions, answered by the store and by a plain list. A failure names its seed: put it into <see cref="Seeds"/>.</summary>
public class OracleTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_store_answers_as_a_plain_list_does(int seed)
    {
        var world = new RandomWorld(seed);
        var journal = new MemoryJournal();
        var options = new ImageStoreOptions { IndexFrom = 0, TailBytes = 30_000, StageEdits = 12 };
        var store = ImageStore.Open(journal, options);
        await store.Prepare(world.Model, Cancel);
        for (var round = 0; round < 12; round++)
        {
            await Change(world, store, $"seed {seed}, round {round}");
            for (var i = 0; i < 12; i++)
                await Ask(world, store.Snapshot(), $"seed {seed}, round {round}, question {i}");
            // The indexes that those questions asked for are there for the next ones.
            await store.Settle();
            if (round % 5 == 4)
            {
                (await store.Compare()).ShouldBeEmpty($"seed {seed}");
                await store.DisposeAsync();
                store = ImageStore.Open(journal, options);
                await store.Prepare(world.Model, Cancel);
            }
        }
        LogCheck.Run(journal, null, Cancel).Faults.ShouldBeEmpty($"seed {seed}");
        await store.DisposeAsync();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static async Task Change(RandomWorld world, ImageStore store, string at)
    {
        for (var commit = 0; commit < 3; commit++)
        {
            var edits = new List<RecordEdit>();
            var apply = new List<Action>();
            var touched = new HashSet<Guid>();
            for (var i = world.Next(8); i >= 0; i--)
                AddEdit(world, edits, apply, touched);
            var mustFail = world.Chance(5);
            Guard[] guards = mustFail ? [new Guard.VersionIs(world.NewId(), 1)] : [.. world.All.Where(t => touched.Contains(t.Id)).Select(t => new Guard.VersionIs(t.Id, t.Version))];
            var outcome = await store.Write(Some.Plan([.. edits]) with { Guards = guards }, Cancel);
            outcome.Failed.AsEnumerable().ShouldBe(mustFail ? guards : [], at);
            if (!mustFail)
                apply.ForEach(a => a());
        }
    }

    private static void AddEdit(RandomWorld world, List<RecordEdit> edits, List<Action> apply, HashSet<Guid> touched)
    {
        var things = world.All.Where(t => t.Type is ModelType && !touched.Contains(t.Id)).ToList();
        var existing = world.All.Where(t => !touched.Contains(t.Id)).ToList();
        var kind = world.Next(10);
        if (kind < 4 || existing.Count == 0)
        {
            var type = world.Chance(2) ? world.Person : world.Mandate;
            var thing = new Thing { Type = type, Id = world.NewId(), Period = type.IsDated ? world.Period() : default };
            var values = type.Fields.Select(f => (f.Name, Value: world.Value(f))).ToArray();
            touched.Add(thing.Id);
            edits.Add(Some.Create(type, thing.Id, values) with { Period = thing.Period });
            foreach (var (name, value) in values)
                if (value is not null)
                    thing.Values[name] = value;
            apply.Add(() => world.All.Add(thing));
        }
        else if (kind < 7 && things.Count > 0)
        {
            var type = world.Pick(new[] { world.Holds, world.Works, world.Knows });
            var sources = things.Where(t => type.Source.Types.Contains(t.Type)).ToList();
            var targets = things.Where(t => type.Source.Far.Contains(t.Type)).ToList();
            if (sources.Count == 0 || targets.Count == 0)
                return;
            var link = new Thing { Type = type, Id = world.NewId(), Source = world.Pick(sources).Id, Target = world.Pick(targets).Id, Period = type.IsDated ? world.Period() : default };
            var values = type.Fields.Select(f => (f.Name, Value: world.Value(f))).ToArray();
            touched.Add(link.Id);
            edits.Add(Some.Relate(type, link.Id, link.Source, link.Target, link.Period, values));
            foreach (var (name, value) in values)
                if (value is not null)
                    link.Values[name] = value;
            apply.Add(() => world.All.Add(link));
        }
        else
        {
            var thing = world.Pick(existing);
            touched.Add(thing.Id);
            var isLink = thing.Type is ModelRelationship;
            if (kind == 9)
            {
                edits.Add(new(isLink ? ChangeKind.Unrelated : ChangeKind.Deleted, thing.Type, thing.Id, default));
                apply.Add(() => world.All.Remove(thing));
                return;
            }
            var values = thing.Type.Fields.Where(_ => world.Chance(2)).Select(f => (f.Name, Value: world.Value(f))).ToArray();
            Period? period = thing.Type.IsDated && world.Chance(2) ? world.Period() : null;
            edits.Add(new(isLink ? ChangeKind.Changed : ChangeKind.Updated, thing.Type, thing.Id, Some.Set(thing.Type, values)) { Period = period });
            apply.Add(() =>
            {
                var isDifferent = period is { } p && p != thing.Period
                    || values.Any(v => !Json(thing.Type.ByName[v.Name], v.Value).SequenceEqual(Json(thing.Type.ByName[v.Name], thing.Values.GetValueOrDefault(v.Name))));
                thing.Period = period ?? thing.Period;
                foreach (var (name, value) in values)
                    if (value is null)
                        thing.Values.Remove(name);
                    else
                        thing.Values[name] = value;
                thing.Version += isDifferent ? 1 : 0;
            });
        }
    }

    /// <summary>Asks a state something at random and holds the answer to that of the world's list.</summary>
    internal static async Task Ask(RandomWorld world, ISnapshot snapshot, string at)
    {
        var plain = new PlainAnswers(world.All);
        if (world.Chance(3))
        {
            await AskRelated(world, plain, snapshot, at);
            return;
        }
        var type = world.Chance(2) ? world.Person : world.Mandate;
        var where = world.Chance(4) ? null : world.Predicate(type, 2);
        var mask = world.Predicate(type, 1);
        Period? during = world.Chance(2) ? world.Asked() : null;
        var order = world.Order([type]);
        var found = world.All.Where(t => t.Type == type && plain.Holds(where, t) && (during is null || !type.IsDated || PlainAnswers.Meets(during.Value, t.Period)))
            .Select(t => (Node: t, Link: (Thing?)null)).ToList();
        found.Sort((a, b) => plain.Compare(order, a, b));
        var (selection, from, to) = Window(world, plain, found, order, isLink: false);
        var step = new ReadStep.List { Views = [new(type, where, [mask])], During = during, Selection = selection };
        var trace = new StepTrace();
        var way = snapshot.Foresee(step);
        var rows = await snapshot.Read(world.Chance(2) ? step : step with { Trace = trace }, Cancel);
        at = $"{at}: {step}";
        Told(trace, way, at);
        rows.Items.Select(r => r.Entity.Id).ShouldBe(found[from..to].Select(f => f.Node.Id), at);
        rows.Items.Select(r => r.Masks == 1).ShouldBe(found[from..to].Select(f => plain.Holds(mask, f.Node)), at);
        rows.HasPrevious.ShouldBe([from > 0], at);
        rows.HasNext.ShouldBe([to < found.Count], at);
        if (selection.Counts)
            rows.Counts.ShouldBe([found.Count], at);
        Groups(plain, selection, rows.Groups, found, at);
        if (type == world.Person && found.Count > 0)
            await AskByKey(world, snapshot, at);
    }

    /// <summary>The way that was foreseen is the one that was taken, and it looked at no more than it said. Back tells an average.</summary>
    private static void Told(StepTrace trace, Way way, string at)
    {
        if (trace.Way is null)
            return;
        StepText.Of(trace.Way).ShouldBe(StepText.Of(way), at);
        // Of an order that is not filtered one thing on either side tells whether there is more.
        if (!StepText.Of(way).Contains("back", StringComparison.Ordinal))
            trace.Touched.ShouldBeLessThanOrEqualTo(way.Estimate + (way.Kind == WayKind.Order ? 2 : 0), at);
    }

    private static async Task AskRelated(RandomWorld world, PlainAnswers plain, ISnapshot snapshot, string at)
    {
        var end = world.Pick(new[] { world.Holds.Source, world.Holds.Target, world.Works.Source, world.Works.Target, world.Knows.Source });
        var things = world.All.Where(t => end.Types.Contains(t.Type)).ToList();
        if (things.Count == 0)
            return;
        var from = world.Pick(things);
        var wheres = end.Far.ToDictionary(t => t, t => world.Chance(2) ? world.Predicate(t, 1) : null);
        var link = world.Chance(2) ? world.Predicate(end.Relationship, 1) : null;
        var mask = world.Predicate(end.Relationship, 1);
        var during = world.Asked();
        var dates = world.Chance(2);
        var order = world.Order([end.Relationship, .. end.Far]);
        var found = plain.Beyond(end, from, during, dates)
            .Where(p => plain.Holds(link, p.Link) && plain.Holds(wheres[(ModelType)p.Node.Type], p.Node))
            .Select(p => (p.Node, Link: (Thing?)p.Link)).ToList();
        found.Sort((a, b) => plain.Compare(order, a, b));
        var (selection, first, last) = Window(world, plain, found, order, isLink: true);
        var step = new ReadStep.Related(end, [world.NewId(), from.Id]) { Views = [.. wheres.Select(w => new TypeView(w.Key, w.Value, []))], Link = link, LinkMasks = [mask], During = during, DatesNodes = dates, Selection = selection };
        var rows = await snapshot.Read(step, Cancel);
        at = $"{at}: {step}";
        rows.Starts.ShouldBe([0, 0, last - first], at);
        rows.Items.Select(r => (r.Entity.Id, r.Link.Id)).ShouldBe(found[first..last].Select(f => (f.Node.Id, f.Link!.Id)), at);
        rows.Items.Select(r => r.LinkMasks == 1).ShouldBe(found[first..last].Select(f => plain.Holds(mask, f.Link!)), at);
        rows.HasPrevious[1].ShouldBe(first > 0, at);
        rows.HasNext[1].ShouldBe(last < found.Count, at);
        if (selection.Counts)
            rows.Counts.ShouldBe([0, found.Count], at);
        Groups(plain, selection, [.. rows.Groups.Skip(selection.Groupings.Length)], found, at);
    }

    private static async Task AskByKey(RandomWorld world, ISnapshot snapshot, string at)
    {
        var values = world.Key.Fields.Select(f => world.One(f)).ToArray();
        var step = new ReadStep.ByKey(world.Key, [[.. world.Key.Fields.Zip(values, (f, v) => Some.Op(f, v))]]) { Views = [TypeView.Of(world.Person)] };
        var same = world.All.Where(t => t.Type == world.Person && world.Key.Fields.Zip(values).All(p => p.Second.Equals(t.Value(p.First)))).Select(t => t.Id).ToList();
        var rows = await snapshot.Read(step, Cancel);
        rows.Items.Length.ShouldBe(Math.Min(1, same.Count), at);
        rows.Items.ShouldAllBe(r => same.Contains(r.Entity.Id), at);
    }

    private static (Selection Selection, int From, int To) Window(RandomWorld world, PlainAnswers plain, List<(Thing Node, Thing? Link)> found, ImmutableArray<Sort> order, bool isLink)
    {
        var selection = new Selection { Order = order, Counts = world.Chance(2), Groupings = world.Chance(4) ? [Grouping(world, order)] : [] };
        var (from, to) = (0, found.Count);
        if (found.Count > 0 && world.Chance(3))
        {
            var at = world.Next(found.Count);
            selection = selection with { After = Position(plain, order, found[at], isLink) };
            from = at + 1;
        }
        if (found.Count > 0 && world.Chance(4))
        {
            var at = world.Next(found.Count);
            selection = selection with { Before = Position(plain, order, found[at], isLink) };
            to = Math.Max(from, at);
        }
        if (world.Chance(4))
        {
            selection = selection with { Offset = world.Next(8) };
            from = Math.Min(to, from + selection.Offset);
        }
        if (world.Chance(2))
        {
            selection = selection with { First = world.Next(6) };
            to = Math.Min(to, from + selection.First!.Value);
        }
        if (world.Chance(4))
        {
            selection = selection with { Last = world.Next(6) };
            from = Math.Max(from, to - selection.Last!.Value);
        }
        return (selection, from, to);
    }

    private static Grouping Grouping(RandomWorld world, ImmutableArray<Sort> order)
    {
        var fields = order.Select(o => o.Field.Owner).Distinct().SelectMany(o => o.Fields).Where(f => f.Shape is Shape.Integer or Shape.Decimal).ToList();
        return new(order, fields.Count == 0 ? [] : [new Sort(world.Pick(fields), false)]);
    }

    private static SortPosition Position(PlainAnswers plain, ImmutableArray<Sort> order, (Thing Node, Thing? Link) found, bool isLink) =>
        new([.. order.Select(s => Json(s.Field, plain.Key(s, found)))], found.Node.Id) { Link = isLink ? found.Link!.Id : default };

    private static void Groups(PlainAnswers plain, Selection selection, ImmutableArray<ImmutableArray<Group>> groups, List<(Thing Node, Thing? Link)> found, string at)
    {
        foreach (var (grouping, answered) in selection.Groupings.Zip(groups))
        {
            var expected = found.GroupBy(f => string.Join('|', grouping.By.Select(s => Convert.ToHexString(Json(s.Field, plain.Key(s, f))))))
                .ToDictionary(g => g.Key, g => (Count: g.LongCount(), Sums: grouping.Sums.Select(s => g.Select(f => plain.Key(s, f)).OfType<object>().Select(v => Convert.ToDecimal(v, null)).ToList()).ToList()));
            answered.Length.ShouldBe(expected.Count, at);
            foreach (var group in answered)
            {
                var same = expected[string.Join('|', group.Keys.Select(Convert.ToHexString))];
                group.Count.ShouldBe(same.Count, at);
                group.Sums.ShouldBe(same.Sums.Select(v => v.Count == 0 ? new Sums(0, null, null, null) : new Sums(v.Count, v.Sum(), v.Min(), v.Max())), at);
            }
        }
        groups.Length.ShouldBe(selection.Groupings.Length, at);
    }

    private static byte[] Json(ModelField field, object? value) => value is null ? [] : field.IsMany ? JsonValue.Write(field.Shape, value, many: true) : Some.Op(field, value).Json;
}
