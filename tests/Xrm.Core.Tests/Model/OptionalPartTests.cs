using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Model;

public sealed class OptionalPartTests
{
    private static readonly EntityType Booking = EntityType.Named("Booking", L);
    private static readonly Field<string> Subject = Booking.Text("subject", L).Required();
    private static readonly EntityType Boat = EntityType.Elsewhere("Boat");
    private static readonly RelationshipType Books = RelationshipType.Named("Books", L, L).From(Booking, "boats", L).To(Boat, "bookings", L).Dated().WhenTargetGoes(Then.Delete);

    /// <summary>Books rooms, and boats where there is a harbour.</summary>
    private static readonly ModelDescription Bookings = new ModelBuilder("bookings").Add(Booking)
        .When("harbour", m => m.Add(Books).Role("clerk", L, g => g.Read(Sensitivity.Internal, Boat).All(Books)).Relabel(Boat, Label.Of("Navire", "Ship"))).Build();

    [Fact]
    public void It_is_not_there_without_the_other_plugin_and_appears_with_it()
    {
        var alone = ModelCompiler.Compile([People.Model, Bookings], CompiledModel.Empty);
        alone.Relationship("Books").ShouldBeNull();
        alone.Roles.ShouldNotContainKey("clerk");
        alone.Type("Booking")!.Ends.ShouldBeEmpty();
        alone.Parked.ShouldBeEmpty();

        foreach (var together in (ImmutableArray<ModelDescription>[])[[People.Model, Harbour.Model, Bookings], [Bookings, People.Model, Harbour.Model]])
        {
            var model = ModelCompiler.Compile(together, alone);
            model.Type("Boat")!.EndsByName["bookings"].Far.Single().Name.ShouldBe("Booking");
            model.Roles["clerk"].Grants.Select(g => g.Type).ShouldBe(["Boat", "Books"]);
            model.Type("Boat")!.Label.En.ShouldBe("Ship");
        }
    }

    [Fact]
    public async Task Its_data_are_parked_when_the_other_leaves_and_come_back_with_it()
    {
        await using var fleet = await Fleet.With(People.Model, Harbour.Model, Bookings);
        var boat = await fleet.Create(Harbour.Boat, Values.None.With(Harbour.Name, "Mouette"));
        var booking = await fleet.Create(Booking, Values.None.With(Subject, "outing"));
        var books = await fleet.Relate(booking, Books, boat, new(2026, 1, 1));

        await fleet.Put(People.Model, Bookings);

        fleet.Engine.Model.ParkedType("Books")!.Plugin.ShouldBe("bookings");
        (await fleet.Refused(Commit.New().And(new Edit.Unrelate("Books", books, 1)))).Faults.Single().Rule.ShouldBe("parked");
        await fleet.Set("Booking", booking, "subject", "trip");
        await fleet.Put(People.Model, Harbour.Model, Bookings);
        (await fleet.Query(Query.For(Booking).With(Books.Source))).Single().Get(Books.Source).Single().Id.ShouldBe(books);
    }

    [Fact]
    public void A_type_that_the_other_plugin_does_not_have_is_a_fault_only_when_it_is_there()
    {
        var nowhere = EntityType.Elsewhere("Submarine");
        var wants = new ModelBuilder("bookings").Add(Booking).When("harbour", m => m.Add(RelationshipType.Named("Dives", L, L).From(Booking, "dives", L).To(nowhere, "dives", L))).Build();

        ModelCompiler.Compile([People.Model, wants], CompiledModel.Empty).Type("Booking").ShouldNotBeNull();
        var fault = Should.Throw<Problem>(() => ModelCompiler.Compile([People.Model, Harbour.Model, wants], CompiledModel.Empty)).Faults.ShouldHaveSingleItem();

        (fault.Field, fault.Rule).ShouldBe(("bookings/Dives.target", "unknown"));
    }

    [Fact]
    public void An_optional_part_may_have_an_optional_part_and_fields_of_others_types()
    {
        var extension = Boat.ExtendedBy("bookings");
        extension.Integer("places", L);
        var nested = new ModelBuilder("bookings").Add(Booking).When("harbour", m => m.Extend(extension).When("people", p => p.Add(
            RelationshipType.Named("For", L, L).From(Booking, "guest", L).To(EntityType.Elsewhere("Person"), "outings", L)))).Build();
        var harbour = new ModelBuilder("harbour").Add(EntityType.Named("Boat", L)).Build();

        var model = ModelCompiler.Compile([harbour, nested], CompiledModel.Empty);
        model.Type("Boat")!.ByName.Keys.ShouldContain("bookings_places");
        model.Relationship("For").ShouldBeNull();
        ModelCompiler.Compile([harbour, People.Model, nested], model).Relationship("For").ShouldNotBeNull();
    }

    [Fact]
    public void Another_word_stands_for_a_type_or_a_field_and_the_last_plugin_has_the_last_word()
    {
        var (first, second) = (Label.Of("un", "one"), Label.Of("deux", "two"));
        var a = new ModelBuilder("a").Relabel(People.Person, first).Relabel(People.Name, first).Relabel(Harbour.Licence, first).Build();
        var b = new ModelBuilder("b").Relabel(People.Name, second).Build();

        var model = ModelCompiler.Compile([People.Model, Harbour.Model, a, b], CompiledModel.Empty);

        var person = model.Type("Person")!;
        (person.Label, person.ByName["name"].Description.Label, person.ByName["harbour_licence"].Description.Label, person.ByName["email"].Description.Label).ShouldBe((first, second, first, L));
        ModelCompiler.Compile([People.Model, Harbour.Model], model).Type("Person")!.Label.ShouldBe(L);
    }

    [Fact]
    public void Another_word_for_nothing_or_in_one_language_is_refused()
    {
        var wrong = new ModelBuilder("a").Relabel(Boat, L).Relabel(People.Person, Label.Of("un", "")).Build();

        Should.Throw<Problem>(() => ModelCompiler.Compile([People.Model, wrong], CompiledModel.Empty)).Faults
            .Select(f => (f.Field, f.Rule)).ShouldBe([("a/Boat", "unknown"), ("a/Person", "label")], ignoreOrder: true);
    }
}
