using Xrm.Sdk;
using Xrm.Testing;
using static Xrm.Core.Tests.TownPlugin;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Access;

public sealed class ReadRightsTests
{
    [Fact]
    public async Task Who_has_no_role_sees_nothing()
    {
        await using var xrm = await Filled();

        foreach (var actor in new[] { Actor.Anonymous, Actor.Of("user:x", "noSuchRole") })
        {
            (await xrm.As(actor).Query(Query.For(Person.Type))).Entities.ShouldBeEmpty();
            (await Changes(xrm.As(Actor.Anonymous))).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_type_without_a_grant_is_not_there_not_even_as_an_end()
    {
        await using var xrm = await Filled();
        var reader = xrm.As("publicMatters");

        (await reader.Query(Query.For(Club.Type))).Entities.ShouldBeEmpty();
        (await reader.Query(Query.For(Person.Type).Where(MemberOf.Source.Exists))).Entities.ShouldBeEmpty();
        (await reader.Query(Query.For(Person.Type).Where(MemberOf.Source.None(Club.Name.HasValue)))).Entities.Length.ShouldBe(2);
        (await reader.Query(Query.For(Person.Type).With(MemberOf.Source))).Entities.ShouldAllBe(p => p.Get(MemberOf.Source).IsEmpty);
    }

    [Fact]
    public async Task A_field_beyond_the_grant_has_no_value_anywhere()
    {
        await using var xrm = await Filled();
        var reader = xrm.As("reader");

        (await reader.Query(Query.For(Person.Type))).Entities.ShouldAllBe(p => p.Get(Person.Email) == null && p.Get(Person.FamilyName) != null);
        (await reader.Query(Query.For(Person.Type).Where(Person.Email.HasValue))).Entities.ShouldBeEmpty();
        (await reader.Query(Query.For(Person.Type).Where(Person.Email.IsNot("a@example.org")))).Entities.Length.ShouldBe(2);
        (await reader.Query(Query.For(Person.Type).Where(!Person.Email.Is("a@example.org")))).Entities.Length.ShouldBe(2);
        (await reader.Query(Query.For(Club.Type).Where(MemberOf.Target.Any(Person.Email.HasValue)))).Entities.ShouldBeEmpty();
        var byMail = (await reader.Query(Query.For(Person.Type).Order(Person.Email, descending: true))).Entities;
        byMail.Select(p => p.Id).ShouldBe(byMail.Select(p => p.Id).Order());
    }

    [Fact]
    public async Task A_field_seen_in_some_things_counts_only_there()
    {
        await using var xrm = await Filled();
        var reader = xrm.As("consent");

        (await reader.Query(Query.For(Person.Type).Where(Person.Email.HasValue))).Entities.Single().Get(Person.Email).ShouldBe("a@example.org");
        (await reader.Query(Query.For(Person.Type).Where(Person.Email.IsNot("b@example.org")))).Entities.Length.ShouldBe(2);
        (await reader.Query(Query.For(Person.Type).Order(Person.Email))).Entities.Select(p => p.Get(Person.Email)).ShouldBe(["a@example.org", null]);
    }

    [Fact]
    public async Task Things_outside_the_grants_filter_are_not_there()
    {
        await using var xrm = await Filled();
        var reader = xrm.As("publicMatters");

        (await reader.Query(Query.For(Matter.Type))).Entities.Single().Get(Matter.Subject).ShouldBe("Noise");
        var secret = (await xrm.Query(Query.For(Matter.Type).Where(Matter.Kind.Is(Kind.Secret)))).Single();
        (await reader.Find(Matter.Type, secret.Id)).ShouldBeNull();
        (await reader.Query(Query.For(Person.Type).Where(BroughtBy.Target.Any(Matter.Kind.Is(Kind.Secret))))).Entities.ShouldBeEmpty();
        (await reader.Query(Query.For(Person.Type).With(BroughtBy.Target))).Entities.Sum(p => p.Get(BroughtBy.Target).Length).ShouldBe(1);
    }

    [Fact]
    public async Task A_grants_filter_sees_all_data()
    {
        await using var xrm = await Filled();

        var seen = (await xrm.As("clubOnly").Query(Query.For(Person.Type))).Entities;

        seen.Single().Get(Person.Email).ShouldBe("a@example.org");
    }

    [Fact]
    public async Task Roles_add_up()
    {
        await using var xrm = await Filled();

        var seen = (await xrm.As("reader", "clubOnly").Query(Query.For(Person.Type).Order(Person.FamilyName))).Entities;

        seen.Select(p => p.Get(Person.Email)).ShouldBe(["a@example.org", null]);
    }

    [Fact]
    public async Task A_hidden_field_is_the_plugins_own()
    {
        await using var xrm = await Filled();

        (await xrm.Query(Query.For(Person.Type).Where(Person.Match.HasValue))).ShouldBeEmpty();
        (await xrm.Query(Query.For(Person.Type))).ShouldAllBe(p => p.Get(Person.Match) == null);
        (await Changes(xrm.Xrm)).ShouldNotContain(c => c.Field == "match");
        var plugin = xrm.As(Actor.Of("plugin:town", Role.Administrator));
        (await plugin.Query(Query.For(Person.Type).Where(Person.Match.Is("key")))).Entities.Single().Get(Person.Match).ShouldBe("key");
    }

    [Fact]
    public async Task The_display_name_is_of_fields_that_are_seen()
    {
        await using var xrm = await TestXrm.With([new Names()], null);
        var person = await xrm.Create(Names.Type, (Names.First, "Ann"), (Names.Last, "SECRET"));

        (await xrm.As("reader").Find(Names.Type, person.Id))!.DisplayName.ShouldBe("Ann");
        person.DisplayName.ShouldBe("Ann SECRET");
    }

    [Fact]
    public async Task The_feed_tells_what_is_seen_now_and_was_seen_then()
    {
        await using var xrm = await Filled();
        var open = (await xrm.Query(Query.For(Matter.Type).Where(Matter.Kind.Is(Kind.Public)))).Single();
        await xrm.Commit(Commit.New().Change(open, Matter.Outcome, "done"));
        var start = (await Changes(xrm.As("publicMatters"))).Where(c => c.Type == "Matter").ToArray();
        start.Where(c => c.Id == open.Id).Select(c => (c.Kind, c.Field)).ShouldContain((ChangeKind.Updated, "outcome"));
        start.Select(c => c.Id).Distinct().ShouldBe([open.Id]);
        var last = start[^1].Cursor;

        await xrm.Commit(Commit.New().And(new Edit.Update("Matter", open.Id, 2, Values.None.With(Matter.Kind, Kind.Secret))));
        await xrm.Commit(Commit.New().And(new Edit.Update("Matter", open.Id, 3, Values.None.With(Matter.Outcome, "hushed"))));

        var left = (await Changes(xrm.As("publicMatters"), last)).Where(c => c.Type == "Matter").ToArray();
        left.Select(c => (c.Kind, c.Id, c.Field, c.After)).ShouldBe([(ChangeKind.Left, open.Id, null, null)]);
        (await Changes(xrm.As("publicMatters"))).ShouldNotContain(c => c.Id == open.Id && c.Field != null);
    }

    [Fact]
    public async Task What_comes_into_view_tells_no_days_from_before()
    {
        var stay = new EntityTypeDescription("Stay", L) { IsDated = true, Fields = [new FieldDescription("open", new BooleanType(), L)] };
        var role = new Role("openStays", L, [new Grant("Stay", Rights.Read) { Where = new Filter.Compare("open", Comparison.Equal, true) }]);
        await using var engine = await Engine.Open(Xrm.Core.Image.ImageStore.Open(new Xrm.Core.Log.MemoryJournal(), new()), new EngineOptions(), default);
        await engine.ChangeModel([new ModelDescription("p") { EntityTypes = [stay], Roles = [role] }], Actor.System, default);
        var id = EntityId.New();
        DateOnly secret = new(2020, 1, 1), shown = new(2026, 1, 1);
        await engine.Commit(Commit.New().And(new Edit.Create("Stay", id, Values.Of(("open", false), ("validFrom", secret)))), Actor.System, default);
        await engine.Commit(Commit.New().And(new Edit.Update("Stay", id, 1, Values.Of(("open", true), ("validFrom", shown)))), Actor.System, default);

        var told = await Changes(engine.As(Actor.Of("user:x", "openStays")));

        told.Where(c => c.Field == "validFrom").Select(c => (c.Before, c.After)).ShouldBe([(null, shown)]);
    }

    [Fact]
    public async Task A_deleted_thing_is_told_bare_to_whom_saw_it_last()
    {
        await using var xrm = await Filled();
        foreach (var item in await xrm.Query(Query.For(Matter.Type)))
            await xrm.Commit(Commit.New().Delete(item));

        var told = (await Changes(xrm.As("publicMatters"))).Where(c => c.Kind == ChangeKind.Deleted).ToArray();

        told.Single().Field.ShouldBeNull();
        (await Changes(xrm.Xrm)).Count(c => c.Kind == ChangeKind.Deleted && c is { Field: null, Before: null }).ShouldBe(2);
    }

    [Fact]
    public async Task History_masks_what_was_not_to_be_seen_then()
    {
        await using var xrm = await TestXrm.With<TownPlugin>();
        var person = await xrm.Create(Person.Type, (Person.FamilyName, "A"), (Person.Email, "old@example.org"));
        await xrm.Commit(Commit.New().Change(person, Values.Of(("consent", true))));
        await xrm.Commit(Commit.New().And(new Edit.Update("Person", person.Id, 2, Values.Of(("email", "new@example.org")))));

        using var reader = xrm.Engine.Read(Actor.Of("user:x", "consent"));
        var mails = new List<Change>();
        await foreach (var change in reader.History(person.Id.Value, Cursor.Start, CancellationToken.None))
            if (change.Field == "email")
                mails.Add(change);

        mails.Select(c => (c.Before, c.After)).ShouldBe([("old@example.org", "new@example.org")]);
        var none = await Should.ThrowAsync<Problem>(async () =>
        {
            using var other = xrm.Engine.Read(Actor.Anonymous);
            await foreach (var _ in other.History(person.Id.Value, Cursor.Start, CancellationToken.None))
            {
            }
        });
        none.Code.ShouldBe(ProblemCode.NotFound);
    }

    private static async Task<TestXrm> Filled()
    {
        var xrm = await TestXrm.With<TownPlugin>();
        var plugin = xrm.As(Actor.Of("plugin:town", Role.Administrator));
        var (a, b, club) = (EntityId.New(), EntityId.New(), EntityId.New());
        await plugin.Commit(Commit.New()
            .Create(Person.Type, a, Values.Of(("familyName", "A"), ("email", "a@example.org"), ("consent", true), ("match", "key")))
            .Create(Person.Type, b, Values.Of(("familyName", "B"), ("email", "b@example.org")))
            .Create(Club.Type, club, Values.Of(("name", "Chess")))
            .Create(Matter.Type, Values.Of(("subject", "Noise"), ("bringer", a)))
            .Create(Matter.Type, Values.Of(("subject", "Hush"), ("bringer", b), ("kind", "SECRET")))
            .Relate(a, MemberOf, club, new DateOnly(2025, 1, 1)));
        return xrm;
    }

    private static async Task<List<Change>> Changes(IXrm xrm, Cursor after = default)
    {
        var changes = new List<Change>();
        await foreach (var change in xrm.Changes(after))
            changes.Add(change);
        return changes;
    }

    private sealed class Names : Plugin
    {
        private static readonly Label L = Label.Of("a", "b");
        public static readonly EntityType Type = EntityType.Named("Named", L);
        public static readonly Field<string> First = Type.Text("first", L);
        public static readonly Field<string> Last = Type.Text("last", L).Sensitive(Sensitivity.Special);

        public override string Id => "names";
        public override Label Title => L;

        public override void Describe(ModelBuilder model) =>
            model.Add(Type.DisplayedAs(First, Last)).Role("reader", L, g => g.Read(Sensitivity.Internal, Type));
    }
}
