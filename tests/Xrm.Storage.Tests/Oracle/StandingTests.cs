using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Oracle;

/// <summary>Questions that rights ask again and again: told from kept answers they are what asking each record tells, whatever was written, now and in the past.</summary>
public class StandingTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_is_kept_is_what_asking_each_record_tells(int seed)
    {
        await using var history = new History(seed);
        var world = history.World;
        RecordType[] types = [world.Person, world.Mandate, world.Works, world.Knows];
        var rules = types.ToDictionary(t => t, t => Enumerable.Range(0, 5).Select(_ => world.Predicate(t, 2)).ToArray());
        var kept = 0;
        for (var round = 0; round < 6; round++)
        {
            await history.Live();
            var steps = Enumerable.Range(0, 12).Select(_ => Step(world, rules)).ToArray();
            // Asked when nothing is kept yet, when it is, and when what is written has changed it.
            for (var again = 0; again < 4; again++)
            {
                using var now = history.Store.Snapshot();
                using var past = await history.Past(world.Pick(history.Moments));
                for (var i = 0; i < steps.Length; i++)
                {
                    await Same(now, steps[i], $"{history}, round {round}, {again}, question {i}");
                    await Same(past, steps[i], $"{history}, round {round}, {again}, question {i}, of the past");
                }
                await history.Store.Settle();
                kept = Math.Max(kept, types.Count(t => history.Store.Current.Type(t.Ordinal)?.Answers is not null));
                if (again > 0)
                    await OracleTests.Change(world, history.Store, $"{history}, round {round}");
            }
            if (round == 3)
                await history.Reopen();
        }
        kept.ShouldBe(types.Length);
    }

    [Fact]
    public async Task A_count_follows_what_is_written_and_another_state_keeps_its_own()
    {
        var world = new RandomWorld(1);
        await using var store = ImageStore.Open(new MemoryJournal(), new() { IndexFrom = 0 });
        await store.Prepare(world.Model, Cancel);
        Guid[] ids = [.. Enumerable.Range(0, 40).Select(_ => world.NewId())];
        await store.Write(Some.Plan([.. ids.Select((id, i) => Some.Create(world.Person, id, ("age", i % 4)))]), Cancel);
        var rule = StandingQuestion.Of(Some.Where(world.Person, "age", Comparison.GreaterOrEqual, 2), world.Person);
        var step = Some.List(world.Person, new Predicate.Or([rule, rule]));
        (await Count(store.Snapshot(), step)).ShouldBe(20);
        await store.Settle();
        using var before = store.Snapshot();
        store.Current.Type(world.Person.Ordinal)!.Answers!.Find(((Predicate.Standing)rule).Name).ShouldNotBeNull();

        await store.Write(Some.Plan(Some.Update(world.Person, ids[0], ("age", 3)), Some.Update(world.Person, ids[2], ("age", null)), Some.Delete(world.Person, ids[3]),
            Some.Create(world.Person, world.NewId(), ("age", 2)), Some.Create(world.Person, world.NewId(), ("age", 1))), Cancel);

        (await Count(store.Snapshot(), step)).ShouldBe(20);
        (await Count(store.Snapshot(), Some.List(world.Person, new Predicate.Not(rule)))).ShouldBe(21);
        (await Count(before, Some.List(world.Person, new Predicate.Not(rule)))).ShouldBe(20);
    }

    [Fact]
    public async Task Another_model_lets_go_of_answers_and_no_more_are_kept_than_have_a_bit()
    {
        var world = new RandomWorld(1);
        await using var store = ImageStore.Open(new MemoryJournal(), new() { IndexFrom = 0 });
        await store.Prepare(world.Model, Cancel);
        await store.Write(Some.Plan([.. Enumerable.Range(0, 50).Select(i => Some.Create(world.Person, world.NewId(), ("age", i)))]), Cancel);
        for (var i = 0; i < StandingAnswers.Most + 9; i++)
        {
            var rule = StandingQuestion.Of(Some.Where(world.Person, "age", Comparison.Less, i), world.Person);
            for (var again = 0; again < 2; again++)
            {
                (await Count(store.Snapshot(), Some.List(world.Person, new Predicate.And([rule])))).ShouldBe(i);
                await store.Settle();
            }
            (store.Current.Type(world.Person.Ordinal)!.Answers!.Find(((Predicate.Standing)rule).Name) is not null).ShouldBe(i < StandingAnswers.Most);
        }
        await store.Prepare(world.Model, Cancel);
        store.Current.Type(world.Person.Ordinal)!.Answers.ShouldBeNull();
    }

    [Fact]
    public void Questions_of_one_name_ask_the_same_and_others_have_another()
    {
        var world = new RandomWorld(1);
        var asked = new Dictionary<string, string>();
        for (var i = 0; i < 3000; i++)
            if (StandingQuestion.Of(new Predicate.Not(world.Predicate(world.Person, 2)), world.Person) is Predicate.Standing standing)
            {
                var text = Text(standing.Part);
                asked.TryAdd(standing.Name, text);
                asked[standing.Name].ShouldBe(text);
            }
        asked.Values.Distinct().Count().ShouldBe(asked.Count);
        asked.Count.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void What_asks_for_relationships_or_another_state_is_not_kept()
    {
        var world = new RandomWorld(1);
        var alone = Some.Where(world.Person, "age", Comparison.Less, 3);
        var through = new Predicate.Through(world.Person.Ends[0], Quantifier.Some, null, null, Period.Always);
        StandingQuestion.Of(through, world.Person).ShouldBe(through);
        StandingQuestion.Of(new Predicate.Now(alone), world.Person).ShouldBeOfType<Predicate.Now>();
        var parts = StandingQuestion.Of(new Predicate.Or([alone, through]), world.Person).ShouldBeOfType<Predicate.Or>().Parts;
        parts[0].ShouldBeOfType<Predicate.Standing>().Part.ShouldBe(alone);
        parts[1].ShouldBe(through);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<long> Count(ISnapshot snapshot, ReadStep step) => (await snapshot.Read(step, Cancel)).Counts.Single();

    private static async Task Same(ISnapshot snapshot, Func<Func<Predicate, RecordType, Predicate>, ReadStep> step, string at)
    {
        var told = await snapshot.Read(step(StandingQuestion.Of), Cancel);
        var asked = await snapshot.Read(step((rule, _) => rule), Cancel);
        told.Items.Select(r => (r.Entity.Id, r.Masks, r.LinkMasks)).ShouldBe(asked.Items.Select(r => (r.Entity.Id, r.Masks, r.LinkMasks)), at);
        told.Starts.ShouldBe(asked.Starts, at);
        told.Counts.ShouldBe(asked.Counts, at);
        told.HasNext.ShouldBe(asked.HasNext, at);
        told.HasPrevious.ShouldBe(asked.HasPrevious, at);
        told.Groups.Select(g => string.Join(';', g.Select(IndexTests.Text))).ShouldBe(asked.Groups.Select(g => string.Join(';', g.Select(IndexTests.Text))), at);
    }

    /// <summary>A step under rules, made as often as wanted, with the rules marked or not.</summary>
    private static Func<Func<Predicate, RecordType, Predicate>, ReadStep> Step(RandomWorld world, Dictionary<RecordType, Predicate[]> rules)
    {
        var type = world.Chance(3) ? world.Mandate : world.Person;
        var picked = rules.ToDictionary(r => r.Key, r => (First: world.Next(5), Second: world.Next(5), How: world.Next(4)));
        var selection = new Selection
        {
            Order = world.Order([type]),
            Counts = world.Chance(2),
            First = world.Chance(2) ? world.Next(6) : null,
            Offset = world.Chance(3) ? world.Next(9) : 0,
            Groupings = world.Chance(4) ? [new([new(world.Pick(type.Fields.Where(f => !f.IsMany).ToArray()), false)], [])] : [],
        };
        var where = world.Chance(2) ? world.Predicate(type, 1) : null;
        var end = world.Pick(type.Ends.Where(e => rules.ContainsKey(e.Relationship)).ToArray());
        var things = world.All.Where(t => t.Type == type).Select(t => t.Id).ToImmutableArray();
        var kind = world.Next(4);
        return Made;

        ReadStep Made(Func<Predicate, RecordType, Predicate> mark)
        {
            return kind switch
            {
                0 => new ReadStep.ById(things) { Views = [View(type)] },
                1 => new ReadStep.Related(end, things)
                {
                    Views = [.. end.Far.Select(View)],
                    Link = Rule(end.Relationship),
                    LinkMasks = [.. rules[end.Relationship].Select(r => mark(r, end.Relationship))],
                    During = Period.Always,
                    Selection = selection with { Order = [], Groupings = [] },
                },
                2 => new ReadStep.List
                {
                    Views = [View(type) with { Where = Predicate.Both(Rule(type), new Predicate.Through(end, Quantifier.None, null, null, Period.Always, Rule(end.Relationship), Rule(end.Far[0]))) }],
                    Selection = selection,
                },
                _ => new ReadStep.List { Views = [View(type)], Selection = selection },
            };

            TypeView View(ModelType of) => new(of, Predicate.Both(Rule(of), of == type ? where : null), [.. rules[of].Select(r => mark(r, of))]);

            Predicate Rule(RecordType of)
            {
                var (first, second) = (mark(rules[of][picked[of].First], of), mark(rules[of][picked[of].Second], of));
                return picked[of].How switch
                {
                    0 => new Predicate.Or([first, second]),
                    1 => new Predicate.And([first, new Predicate.Now(first)]),
                    2 => new Predicate.Not(first),
                    _ => first,
                };
            }
        }
    }

    private static string Text(Predicate predicate) => predicate switch
    {
        Predicate.And and => $"({string.Join(" & ", and.Parts.Select(Text))})",
        Predicate.Or or => $"[{string.Join(" | ", or.Parts.Select(Text))}]",
        Predicate.Not not => $"!{Text(not.Part)}",
        Predicate.OfType type => $"of {string.Join(',', type.Ordinals)}",
        Predicate.Compare compare => $"{compare.Field} {compare.How} {compare.Operands.Length} {string.Join(',', compare.Operands.Select(o => Convert.ToHexString(o.Json)))}",
        _ => predicate.ToString(),
    };
}
