using Xrm.Core.Running;
using Xrm.Sdk;
using static Xrm.Core.Tests.Running.Workbench;

namespace Xrm.Core.Tests.Running;

public sealed class GrantedDoorTests
{
    private static readonly EntityType Unheard = EntityType.Elsewhere("Unheard");

    /// <summary>The shop, which never heard of books.</summary>
    private static readonly PluginPermissions Shop = new() { Reads = ["Shelf"], Writes = ["Item", "LiesOn"] };

    [Fact]
    public async Task Types_that_were_not_asked_for_are_refused_in_queries_filters_and_what_is_brought_along()
    {
        await using var bench = await Open();
        var door = Door(bench);
        var book = await bench.Create("On pens", Book);

        (await door.Query(Query.For(Item).Where(LiesOn.Source.Any(Place.Is("left"))).With(LiesOn.Source), TestContext.Current.CancellationToken)).Entities.ShouldBeEmpty();
        await Refused("read", ["Book"], async () => await door.Query(Query.For(Book)));
        await Refused("read", ["Book"], async () => await door.Find(Book, book));
        await Refused("read", ["Book", "Describes"], async () => await door.Query(Query.For(Item).Where(Describes.Target.Exists)));
        await Refused("read", ["Book", "Describes"], async () => await door.Query(Query.For(Shelf).Where(LiesOn.Target.Any(new Filter.Not(Describes.Target.Any(Title.HasValue))))));
        await Refused("read", ["Book", "Describes"], async () => await door.Query(Query.For(Shelf).With(new Include(LiesOn.Target.Name) { With = [new(Describes.Target.Name)] })));
    }

    [Fact]
    public async Task It_writes_what_it_asked_to_write_and_nothing_of_a_commit_with_more()
    {
        await using var bench = await Open();
        var door = Door(bench);

        await door.Commit(Commit.New().Create(Item, Values.None.With(Name, "pen")), TestContext.Current.CancellationToken);
        await Refused("write", ["Book", "Shelf"], async () => await door.Commit(Commit.New().Create(Item, Values.None).Create(Shelf, Values.None).Create(Book, Values.None)));
        var elsewhere = await Should.ThrowAsync<Problem>(async () => await door.Commit(Commit.New().Create(Unheard, Values.None)));

        elsewhere.Code.ShouldNotBe(ProblemCode.Forbidden);
        (await bench.Xrm.Query(Query.For(Item))).Entities.Length.ShouldBe(1);
        (await bench.Xrm.Query(Query.For(Book))).Entities.ShouldBeEmpty();
    }

    [Fact]
    public async Task Acting_as_somebody_else_widens_nothing()
    {
        await using var bench = await Open();
        await Refused("read", ["Book"], async () => await Door(bench).As(Admin).Query(Query.For(Book)));
        (await Should.ThrowAsync<Problem>(async () => await Door(bench).As(Clerk).Commit(Commit.New().Create(Item, Values.None)))).Code.ShouldBe(ProblemCode.Forbidden);
    }

    [Fact]
    public async Task Changes_of_other_types_are_not_told()
    {
        await using var bench = await Open();
        await bench.Create("pen");
        await bench.Create("On pens", Book);
        var told = new HashSet<string>();

        await foreach (var change in Door(bench).Changes(Cursor.Start, TestContext.Current.CancellationToken))
            told.Add(change.Type);

        told.ShouldBe(["Model", "Item"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_Saving_handler_reads_through_a_door_as_narrow()
    {
        await using var bench = await Open();
        bench.Attach(hooks => hooks.Saving(Item).Add(async (item, cancellation) =>
            await (item.Get(Name) == "as" ? item.Xrm.As(Admin) : item.Xrm).Query(item.Get(Name) == "pen" ? Query.For(Shelf) : Query.For(Book), cancellation)), granted: Shop);

        await bench.Create("pen");
        await Refused("read", ["Book"], () => bench.Create("pencil"));
        await Refused("read", ["Book"], () => bench.Create("as"));
    }

    [Fact]
    public async Task What_an_import_format_made_ready_is_committed_as_far_as_its_plugin_was_granted()
    {
        await using var bench = await Open();
        var shop = bench.Attach(_ => { }, granted: Shop);
        var commit = Commit.New().Create(Item, Values.None).Create(Book, Values.None);

        await Refused("write", ["Book"], async () => await bench.Engine.CommitMadeReady(commit, Admin, shop, TestContext.Current.CancellationToken));
        (await bench.Engine.CommitMadeReady(commit, Admin, null, TestContext.Current.CancellationToken)).Written.Length.ShouldBe(2);
    }

    private static IXrm Door(Workbench bench) => new Attachment("shop", new Hooks()) { Granted = Shop }.Narrow(bench.Engine.As(Actor.Of("plugin:shop", Role.Administrator)), () => bench.Engine.Model);

    private static async Task Refused(string what, string[] types, Func<Task> ask)
    {
        var faults = (await Should.ThrowAsync<Problem>(ask)).Faults;
        faults.ShouldAllBe(f => f.Code == ProblemCode.Forbidden && f.Rule == "permission");
        faults.Select(f => f.Message.En).ShouldBe(types.Select(t => $"Plugin shop did not ask to {what} {t} (Permissions, in Describe)."), ignoreOrder: true);
    }
}
