using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Image;

/// <summary>Plans so large that several cores encode them and the journal keeps their parts aside.</summary>
public class StagingTests
{
    private const int Things = 6_000;

    private readonly MemoryJournal _journal = new();
    private readonly ModelType _thing;
    private readonly CompiledModel _model;

    public StagingTests()
    {
        var model = new SomeModel();
        _thing = model.Type("Thing", dated: false, ("text", Shape.Text, false));
        _model = model.Compile();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Changes_stand_in_the_log_in_the_order_of_their_edits(bool makesAnew)
    {
        await using var store = ImageStore.Open(_journal, new() { StageEdits = 100 });
        await store.Prepare(_model, Cancel);
        // Of different lengths, some of them longer than a part.
        RecordEdit[] edits = [.. Enumerable.Range(0, Things).Select(i => Some.Create(_thing, Some.Id(), ("text", new string('x', i % 1000 == 0 ? 100_000 : i % 1500))))];
        var outcome = await store.Write(Some.Plan(edits) with { MakesAnew = makesAnew }, Cancel);
        outcome.Failed.ShouldBeEmpty();
        (await store.Compare()).ShouldBeEmpty();
        LogCheck.Run(_journal, null, Cancel).Faults.ShouldBeEmpty();
        ImmutableArray<Guid> written = [.. outcome.Receipt!.Written.Select(w => w.Id.Value)];
        written.ShouldBe(edits.Select(e => e.Id));
        var logged = new List<Guid>();
        for (var part = 0; part < BlockHead.Read(_journal.ReadHead(1)!).Parts.Length; part++)
            for (var (bytes, i) = (_journal.ReadPart(1, part), 0); i < new BlockPart(bytes).Count; i++)
                logged.Add(new ChangeView(new BlockPart(bytes).Change(i)).Id);
        logged.ShouldBe(edits.Select(e => e.Id));
    }

    [Fact]
    public async Task What_two_large_plans_make_is_found_in_every_tree()
    {
        var model = new SomeModel();
        var person = model.Type("Person", dated: false, ("name", Shape.Text, false), ("number", Shape.Integer, false));
        var key = SomeModel.Key(person, "number");
        var knows = model.Relationship("Knows", [person], [person], dated: true);
        await using var store = ImageStore.Open(_journal, new() { StageEdits = 100 });
        await store.Prepare(model.Compile(), Cancel);
        Guid[] people = [.. Enumerable.Range(0, 600).Select(_ => Some.Id())];
        Guid[] links = [.. people.Select(_ => Some.Id())];
        var shuffled = new Random(7);
        shuffled.Shuffle(people);
        // Who is known may come later in the plan, or in the plan before.
        foreach (var half in (int[])[0, 1])
        {
            var outcome = await store.Write(Some.Plan([.. Enumerable.Range(0, people.Length).Where(i => i % 2 == half).SelectMany(i => new[]
            {
                Some.Relate(knows, links[i], people[i], people[half == 0 ? (i + 2) % people.Length : i - 1], new(Some.Day(2000 + i % 20), null)),
                Some.Create(person, people[i], ("name", $"P{i % 50}"), ("number", i)),
            })]) with { MakesAnew = true }, Cancel);
            outcome.Failed.ShouldBeEmpty();
        }

        using var snapshot = store.Snapshot();
        var all = await snapshot.Read(Some.List(person), Cancel);
        all.Items.Select(r => r.Entity.Id).ShouldBe(people.OrderBy(p => p));
        var named = await snapshot.Read(new ReadStep.ByKey(key, [.. Enumerable.Range(0, people.Length).Select(i => ImmutableArray.Create(Some.Op(person.ByName["number"], i)))]) { Views = [TypeView.Of(person)] }, Cancel);
        named.Items.Select(r => r.Entity.Id).ShouldBe(people);
        foreach (var end in (ModelEnd[])[knows.Source, knows.Target])
        {
            var found = await snapshot.Read(new ReadStep.Related(end, [.. people]) { Views = [TypeView.Of(person)], During = Period.Always, DatesNodes = false }, Cancel);
            found.Items.Length.ShouldBe(links.Length);
            found.Items.ShouldAllBe(r => people[Array.IndexOf(links, r.Link.Id)] == r.Link.Source);
        }
        (await store.Compare()).ShouldBeEmpty();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
