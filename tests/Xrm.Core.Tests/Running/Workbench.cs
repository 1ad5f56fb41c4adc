using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Running;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Running;

/// <summary>A real engine on a real store with a clock that tests move, and two plugins' models: a shop with items and shelves, and a library that has nothing to do with it.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    public static readonly EntityType Item = EntityType.Named("Item", Label.Of("Article", "Item"));
    public static readonly Field<string> Name = Item.Text("name", L);
    public static readonly Field<string> Note = Item.Text("note", L);
    public static readonly Field<string> Secret = Item.Text("secret", L).Sensitive(Sensitivity.Special);
    public static readonly Field<int> Length = Item.Integer("length", L).Computed();
    public static readonly Field<ImmutableArray<string>> Letters = Item.Text("letters", L).Sensitive(Sensitivity.Special).Many().Computed();

    public static readonly EntityType Shelf = EntityType.Named("Shelf", Label.Of("Étagère", "Shelf")).Plural("shelves", L);
    public static readonly Field<string> Place = Shelf.Text("place", L);
    public static readonly Field<int> Load = Shelf.Integer("load", L).Computed();
    public static readonly RelationshipType LiesOn = RelationshipType.Named("LiesOn", L, L).From(Item, "shelf", L).To(Shelf, "items", L).OneTarget();

    public static readonly EntityType Book = EntityType.Named("Book", Label.Of("Livre", "Book"));
    public static readonly Field<string> Title = Book.Text("title", L);
    public static readonly RelationshipType Describes = RelationshipType.Named("Describes", L, L).From(Book, "subjects", L).To(Item, "books", L);

    public static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);
    public static readonly Actor Clerk = Actor.Of("user:clerk", "clerk");

    private readonly ManualResetEventSlim _released = new();

    private Workbench(Engine engine, SteppedClock clock) => (Engine, Clock) = (engine, clock);

    public Engine Engine { get; }
    public SteppedClock Clock { get; }
    public IXrm Xrm => Engine.As(Admin);

    public static async Task<Workbench> Open()
    {
        var clock = new SteppedClock();
        var engine = await Engine.Open(ImageStore.Open(new MemoryJournal(), new() { Time = clock }), new EngineOptions { Time = clock }, CancellationToken.None);
        var shop = new ModelBuilder("shop").Add(Item, Shelf).Add(LiesOn)
            .Role("clerk", L, g => g.Read(Sensitivity.Internal, Item, Shelf).Read(LiesOn)).Build();
        var library = new ModelBuilder("library").Add(Book).Add(Describes).Build();
        await engine.ChangeModel([shop, library], Actor.System, CancellationToken.None);
        return new(engine, clock);
    }

    /// <summary>Has a plugin take part.</summary>
    public Attachment Attach(Action<Hooks> add, string plugin = "shop", PluginPermissions? granted = null)
    {
        var hooks = new Hooks();
        add(hooks);
        var attachment = new Attachment(plugin, hooks) { Granted = granted };
        Engine.Attach(attachment);
        return attachment;
    }

    /// <summary>Blocks the thread until the test is over.</summary>
    public ValueTask Block()
    {
        _released.Wait(CancellationToken.None);
        return ValueTask.CompletedTask;
    }

    /// <summary>Lets time pass until a plugin is switched off.</summary>
    public Task UntilOff(Attachment plugin) => Clock.AdvanceUntil(() => plugin.Health.Off is not null, new EngineOptions().HookTime / 4);

    public async Task<EntityId> Create(string name, EntityType? type = null)
    {
        var id = EntityId.New();
        await Xrm.Commit(Commit.New().And(new Edit.Create((type ?? Item).Name, id, Values.Of((type is null ? "name" : type == Shelf ? "place" : "title", name)))), TestContext.Current.CancellationToken);
        return id;
    }

    public async Task<Entity> Find(EntityId id) => (await Xrm.Find(Item, id, TestContext.Current.CancellationToken)).ShouldNotBeNull();

    public async ValueTask DisposeAsync()
    {
        _released.Set();
        await Engine.DisposeAsync();
    }
}
