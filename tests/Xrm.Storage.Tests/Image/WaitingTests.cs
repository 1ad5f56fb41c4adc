using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Image;

/// <summary>Long work on the image ends soon after nobody waits for it any more, in the middle of a step too.</summary>
public sealed class WaitingTests : IAsyncLifetime
{
    // More than are looked at between two looks at the token.
    private const int Many = 5_000;

    private static readonly CancellationToken Nobody = new(canceled: true);

    private readonly ImageStore _store = ImageStore.Open(new MemoryJournal());
    private readonly IdMap _map = new();
    private readonly Guid _hub = Some.Id();
    private readonly ModelType _person;
    private readonly ModelRelationship _knows;
    private readonly CompiledModel _model;

    public WaitingTests()
    {
        var some = new SomeModel();
        _person = some.Type("Person", dated: false, ("name", Shape.Text, false), ("age", Shape.Integer, false));
        _knows = some.Relationship("Knows", [_person], [_person]);
        _model = some.Compile();
    }

    public async ValueTask InitializeAsync()
    {
        await _store.Prepare(_model, CancellationToken.None);
        var ids = Enumerable.Range(0, Many).Select(_ => Some.Id()).ToArray();
        await _store.Write(Some.Plan(
        [
            Some.Create(_person, _hub, ("name", "hub"), ("age", 0)),
            .. ids.Select((id, i) => Some.Create(_person, id, ("name", $"n{i}"), ("age", i % 90))),
            .. ids.Select(id => Some.Relate(_knows, Some.Id(), _hub, id)),
        ]), CancellationToken.None);
        foreach (var key in Tree.Between(Root.Type(_person.Ordinal)!.Extent, 0, int.MaxValue))
            _map.Add(Root.Space[key.Slot].Id, key.Slot);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private Root Root => _store.Current;

    [Fact]
    public void A_scan_stops() => Stops((compiler, token) => new ListReader(Root, _map, (_, _) => { }, compiler)
        .Read(Some.List(_person, Some.Where(_person, "name", Comparison.Contains, "x")), token));

    [Fact]
    public void Groups_stop() => Stops((compiler, _) =>
    {
        var found = Tree.Between(Root.Type(_person.Ordinal)!.Extent, 0, int.MaxValue);
        var all = new List<Found>();
        foreach (var key in found)
            all.Add(new(key.Slot, -1, 0));
        Grouper.Group(new Grouping([new Sort(_person.ByName["age"], false)], []), all, Root.Space, compiler);
    });

    [Fact]
    public void Related_things_of_one_thing_stop() => Stops((compiler, _) => new RelatedReader(Root, _map, compiler)
        .Read(new ReadStep.Related(_knows.Source, [_hub]) { Views = [TypeView.Of(_person)], During = Period.Always, Selection = new() { Counts = true } }, CancellationToken.None));

    [Fact]
    public void A_filter_through_the_relationships_of_one_thing_stops() => Stops((compiler, _) =>
    {
        var through = new Predicate.Through(_knows.Source, Quantifier.Some, null, Some.Where(_person, "name", Comparison.Equal, "nobody"), Period.Always);
        var slot = _map.Find(_hub, Root.Space);
        compiler.Compile(through)!.Holds(Root.Space[slot], slot);
    });

    /// <summary>The same work comes to its end as long as somebody waits, and does not once nobody does.</summary>
    private void Stops(Action<ConditionCompiler, CancellationToken> work)
    {
        work(new(Root, _map, CancellationToken.None), CancellationToken.None);
        Should.Throw<OperationCanceledException>(() => work(new(Root, _map, Nobody), Nobody));
    }
}
