using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>Who lives in the invented town.</summary>
internal static class TownData
{
    /// <summary>Persons 1 to 4, mandates 11 to 14, functions 21 to 24, constituencies 31 and 32, an organisation 41, groups 51 and 52, an address 61, complaints 71 and 72.</summary>
    public static Commit Commit { get; } = Build();

    private static Commit Build() => Sdk.Commit.New()
        .Create(Town.Person, Id(1), Values.None.With(Town.FamilyName, "LEFÈVRE").With(Town.GivenName, "Zoé").With(Town.Children, 2).With(Town.Donation, 12.5m).With(Town.Email, "zoe@example.org").With(Town.Tags, ["a", "b"]))
        .Create(Town.Person, Id(2), Values.None.With(Town.FamilyName, "APPÉRÉ").With(Town.GivenName, "Nathalie").With(Town.Children, 1).With(Town.Donation, 7.25m))
        .Create(Town.Person, Id(3), Values.None.With(Town.FamilyName, "DÉSIRONT").With(Town.GivenName, "Gérard"))
        .Create(Town.Person, Id(4), Values.None.With(Town.FamilyName, "AFRIBO").With(Town.GivenName, "Joseph").With(Town.Children, 2))
        .Create(Town.Constituency, Id(31), Values.None.With(Town.ConstituencyType, Town.Kind.Commune).With(Town.Code, "35238").With(Town.Name, "Rennes"))
        .Create(Town.Constituency, Id(32), Values.None.With(Town.ConstituencyType, Town.Kind.Commune).With(Town.Code, "08001"))
        .Create(Town.Mandate, Id(11), Term("2014-03-30", "2020-06-28"))
        .Create(Town.Mandate, Id(12), Term("2020-06-28", null))
        .Create(Town.Mandate, Id(13), Term("2014-03-23", "2020-05-28"))
        .Create(Town.Mandate, Id(14), Term("2020-05-28", null))
        .Create(Town.ElectiveFunction, Id(21), Mayor("2014-04-04", "2020-07-03"))
        .Create(Town.ElectiveFunction, Id(22), Mayor("2020-07-03", null))
        .Create(Town.ElectiveFunction, Id(23), Mayor("2014-03-23", "2020-05-28"))
        .Create(Town.ElectiveFunction, Id(24), Mayor("2020-05-28", null))
        .Create(Town.Organisation, Id(41), Values.None.With(Town.Siren, "123456789").With(Town.LegalName, "Rennes Métropole"))
        .Create(Town.PoliticalGroup, Id(51), Values.None.With(Town.GroupName, "Gauche"))
        .Create(Town.PoliticalGroup, Id(52), Values.None.With(Town.GroupName, "Écologie"))
        .Create(Town.Address, Id(61), Values.None.With(Town.City, "Rennes"))
        .Create(Town.Complaint, Id(71), Values.None.With(Town.Subject, "Nid-de-poule"))
        .Create(Town.Complaint, Id(72), Values.None.With(Town.Subject, "Lampadaire"))
        .And(Link(101, Town.HoldsMandate, 2, 11)).And(Link(102, Town.HoldsMandate, 2, 12)).And(Link(103, Town.HoldsMandate, 4, 13)).And(Link(104, Town.HoldsMandate, 3, 14))
        .And(Link(111, Town.ElectedIn, 11, 31)).And(Link(112, Town.ElectedIn, 12, 31)).And(Link(113, Town.ElectedIn, 13, 32)).And(Link(114, Town.ElectedIn, 14, 32))
        .And(Link(121, Town.HasFunction, 11, 21)).And(Link(122, Town.HasFunction, 12, 22)).And(Link(123, Town.HasFunction, 13, 23)).And(Link(124, Town.HasFunction, 14, 24))
        .And(Link(131, Town.BelongsToGroup, 12, 51, "2020-07-01", "2022-01-01")).And(Link(132, Town.BelongsToGroup, 12, 52, "2022-01-01"))
        .And(Link(141, Town.WorksFor, 2, 41, "2015-01-01", "2018-01-01", Values.None.With(Town.Position, "Director")))
        .And(Link(142, Town.WorksFor, 1, 41, "2020-01-01", null, Values.None.With(Town.Position, "Clerk")))
        .And(Link(151, Town.LocatedAt, 1, 61)).And(Link(152, Town.LocatedAt, 41, 61))
        .And(Link(161, Town.ReportedBy, 71, 1));

    private static EntityId Id(int number) => TownServer.At(number);

    private static Values Term(string from, string? to) => Period(from, to).With(Town.MandateType, "municipal");

    private static Values Mayor(string from, string? to) => Period(from, to).With(Town.FunctionType, "mayor");

    private static Values Period(string from, string? to) => Values.Of(("validFrom", Day(from)), ("validTo", to is null ? null : Day(to)));

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd");

    private static Edit.Relate Link(int id, RelationshipType type, int source, int target, string? from = null, string? to = null, Values? values = null) =>
        new(type.Name, Id(id), Id(source), Id(target), new Period(from is null ? null : Day(from), to is null ? null : Day(to)), values ?? Values.None);
}
