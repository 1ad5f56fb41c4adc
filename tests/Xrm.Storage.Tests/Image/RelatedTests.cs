using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Image;

/// <summary>The relationships of many things, read in one step: some have more than are walked ahead, some none, some are not there.</summary>
public class RelatedTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Each_thing_gets_its_own_whatever_the_others_have(bool isSymmetric, bool knowsPlaces)
    {
        var model = new SomeModel();
        var person = model.Type("Person", dated: false, ("name", Shape.Text, false));
        var knows = model.Relationship("Knows", [person], [person], symmetric: isSymmetric);
        await using var store = ImageStore.Open(new MemoryJournal());
        await store.Prepare(model.Compile(), Cancel);
        Guid[] people = [.. Enumerable.Range(0, 700).Select(_ => Some.Id())];
        // The 3rd knows nearly all, every 5th some who come behind, the rest nobody.
        (Guid Id, int From, int To)[] links = [.. Enumerable.Range(0, people.Length).SelectMany(i =>
            Enumerable.Range(i + 1, i == 3 ? people.Length - 4 : i % 5 == 0 ? Math.Min(i % 11, people.Length - 1 - i) : 0).Select(to => (Some.Id(), i, to)))];
        links.Count(l => l.From == 3).ShouldBeGreaterThan(2 * RecordSpace.Ahead);
        var outcome = await store.Write(Some.Plan([
            .. people.Select(p => Some.Create(person, p, ("name", "P"))),
            .. links.Select(l => Some.Relate(knows, l.Id, people[l.From], people[l.To], Period.Always))]), Cancel);
        outcome.Failed.ShouldBeEmpty();
        // Nobody has this id.
        Guid[] asked = [people[4], .. people, Some.Id(), people[3]];

        using var snapshot = store.Snapshot();
        var things = await snapshot.Read(new ReadStep.ById([.. asked]) { Views = [TypeView.Of(person)] }, Cancel);
        // One of the places is that of something else.
        ImmutableArray<int> places = [.. Enumerable.Range(0, asked.Length).Select(i => i == 9 ? things.Items[0].Place : things.Starts[i] < things.Starts[i + 1] ? things.Items[things.Starts[i]].Place : -1)];
        foreach (var end in (ModelEnd[])[knows.Source, knows.Target])
        {
            var found = await snapshot.Read(new ReadStep.Related(end, [.. asked]) { Views = [TypeView.Of(person)], During = Period.Always, DatesNodes = false, Places = knowsPlaces ? places : [] }, Cancel);
            for (var run = 0; run < asked.Length; run++)
            {
                var at = Array.IndexOf(people, asked[run]);
                var expected = links.Where(l => at >= 0 && (l.From == at && (end.IsSource || isSymmetric) || l.To == at && (!end.IsSource || isSymmetric)))
                    .Select(l => (l.Id, people[l.From == at ? l.To : l.From])).OrderBy(l => l.Id);
                found.Items[found.Starts[run]..found.Starts[run + 1]].Select(r => (r.Link.Id, r.Entity.Id)).OrderBy(l => l.Item1).ShouldBe(expected, $"run {run}");
            }
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
