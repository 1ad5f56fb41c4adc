using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests;

public enum Afloat { Afloat, Laid }

public enum Ashore { Afloat, Ashore }

/// <summary>People who stay whatever becomes of the harbour.</summary>
internal static class People
{
    public static readonly EntityType Person = EntityType.Named("Person", L);
    public static readonly Field<string> Name = Person.Text("name", L).Required();
    public static readonly Field<string> Email = Person.Email("email", L).Unique();

    public static ModelDescription Model { get; } = new ModelBuilder("people").Add(Person).PersonalData(Person, L).Build();
}

/// <summary>The harbour's first version.</summary>
internal static class Harbour
{
    public static readonly EntityType Boat = EntityType.Named("Boat", L);
    public static readonly Field<string> Name = Boat.Text("name", L).Required();
    public static readonly Field<string> Code = Boat.Text("code", L).Unique();
    public static readonly Field<int> Length = Boat.Integer("length", L);
    public static readonly Field<Afloat> Status = Boat.States("status", L, (Tests.Afloat.Afloat, L), (Tests.Afloat.Laid, L)).Move("lay", L, Tests.Afloat.Afloat, Tests.Afloat.Laid).Field();
    public static readonly EntityType Berth = EntityType.Named("Berth", L);
    public static readonly Field<string> Label = Berth.Text("label", L).Required();

    /// <summary>Dated, and in the way of deleting an owner.</summary>
    public static readonly RelationshipType OwnedBy = RelationshipType.Named("OwnedBy", L, L).From(Boat, "owner", L).To(People.Person, "boats", L).OneTarget().Dated();

    /// <summary>Without dates, and in the way of deleting a skipper.</summary>
    public static readonly RelationshipType SailedBy = RelationshipType.Named("SailedBy", L, L).From(Boat, "skippers", L).To(People.Person, "sails", L);

    public static readonly RelationshipType LiesAt = RelationshipType.Named("LiesAt", L, L).From(Boat, "berth", L).To(Berth, "boats", L).OneTarget().Dated();
    public static readonly TypeExtension OfPerson = People.Person.ExtendedBy("harbour");
    public static readonly Field<string> Licence = OfPerson.Text("licence", L);

    public static ModelDescription Model { get; } = new ModelBuilder("harbour").Add(Boat, Berth).Add(OwnedBy, SailedBy, LiesAt).Extend(OfPerson)
        .PersonalData(Boat, L, OwnedBy.Source).Build() with { Version = "1.0.0" };
}

/// <summary>Its second: boats are measured in metres and lie ashore instead of laid up, berths became moorings.</summary>
internal static class Harbour2
{
    public static readonly EntityType Boat = EntityType.Named("Boat", L);
    public static readonly Field<string> Name = Boat.Text("name", L).Required();
    public static readonly Field<string> Code = Boat.Text("code", L).Unique();
    public static readonly Field<decimal> Metres = Boat.Decimal("metres", L).Min(0).Max(400);
    public static readonly Field<Ashore> Status = Boat.States("status", L, (Tests.Ashore.Afloat, L), (Tests.Ashore.Ashore, L)).Move("haul", L, Tests.Ashore.Afloat, Tests.Ashore.Ashore).Field();
    public static readonly EntityType Mooring = EntityType.Named("Mooring", L);
    public static readonly Field<string> Label = Mooring.Text("label", L).Required();
    public static readonly RelationshipType OwnedBy = RelationshipType.Named("OwnedBy", L, L).From(Boat, "owner", L).To(People.Person, "boats", L).OneTarget().Dated();
    public static readonly RelationshipType SailedBy = RelationshipType.Named("SailedBy", L, L).From(Boat, "skippers", L).To(People.Person, "sails", L);
    public static readonly RelationshipType MooredAt = RelationshipType.Named("MooredAt", L, L).From(Boat, "mooring", L).To(Mooring, "boats", L).OneTarget().Dated();
    public static readonly TypeExtension OfPerson = People.Person.ExtendedBy("harbour");
    public static readonly Field<string> Licence = OfPerson.Text("licence", L);
    public static readonly Field<string> Badge = OfPerson.Text("badge", L);

    public static ModelDescription Model { get; } = new ModelBuilder("harbour").Add(Boat, Mooring).Add(OwnedBy, SailedBy, MooredAt).Extend(OfPerson)
        .PersonalData(Boat, L, OwnedBy.Source).Build() with { Version = "2.0.0" };

    /// <summary>What the plugin of that version brings.</summary>
    public static readonly Migration[] Migrations =
    [
        Migration.Of("1.5.0", Words.L, Boat, boat => boat.Put(Metres, (int)(boat.Old("length") ?? 0))),
        Migration.Of("2.0.0", Sdk.Label.Of("à terre", "ashore"), Boat, boat =>
        {
            boat.Put(Metres, boat.Get(Metres) + 0.5m);
            if (boat.Old("status") is "LAID")
                boat.Put(Status, Tests.Ashore.Ashore);
        }),
        new(new(2, 0, 0), Words.L, "Boat", Moor),
        Migration.Of("2.0.0", Words.L, Harbour.Berth, berth =>
        {
            berth.And(new Edit.Create("Mooring", berth.IdOf("mooring"), Values.Of(("label", berth.Entity.Get(Harbour.Label)))));
            berth.Delete();
        }),
    ];

    private static async ValueTask Moor(Migrating boat, CancellationToken cancellation)
    {
        var query = Query.For(Boat).Where(new Filter.Compare("id", Comparison.Equal, boat.Entity.Id)).With(new Include("berth") { During = Period.Always });
        foreach (var lies in (await boat.Xrm.Query(query, cancellation)).Entities[0].Related["berth"])
            boat.And(new Edit.Relate("MooredAt", boat.IdOf($"moored {lies.Id}"), boat.Entity.Id, EntityId.Derived(lies.Target, "mooring"), lies.Period, Values.None));
    }
}
