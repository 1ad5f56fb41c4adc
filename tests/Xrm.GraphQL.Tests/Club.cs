using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>A model about days: members who know each other and pair up, teams and seasons that are dated, tasks between them.</summary>
internal static class Club
{
    public static readonly EntityType Member = EntityType.Named("Member", Same("Membre", "Member"));
    public static readonly Field<string> Name = Member.Text("name", Same("Nom", "Name")).Required();
    public static readonly EntityType Season = EntityType.Named("Season", Same("Saison", "Season")).Dated();
    public static readonly Field<string> Title = Season.Text("title", Same("Titre", "Title"));

    /// <summary>Symmetric and to-many, dated, with a field.</summary>
    public static readonly RelationshipType Knows = Link("Knows").From(Member, "friends", Same("Amis", "Friends")).To(Member, "friends", Same("Amis", "Friends")).Symmetric().Dated();
    public static readonly Field<int> Since = Knows.Integer("warmth", Same("Chaleur", "Warmth"));

    /// <summary>Symmetric and to-one for each period.</summary>
    public static readonly RelationshipType Pairs = Link("PairsWith").From(Member, "partner", Same("Partenaire", "Partner")).To(Member, "partner", Same("Partenaire", "Partner")).Symmetric().OneTarget().Dated();

    /// <summary>Dated, between things of which one is dated too.</summary>
    public static readonly RelationshipType Plays = Link("PlaysIn").From(Member, "seasons", Same("Saisons", "Seasons")).To(Season, "players", Same("Joueurs", "Players")).Dated();

    /// <summary>Without dates of its own, to-one towards a dated thing.</summary>
    public static readonly RelationshipType Follows = Link("Follows").From(Season, "previous", Same("Précédente", "Previous")).To(Season, "next", Same("Suivantes", "Next")).OneTarget();

    public static ModelDescription Description { get; } = new ModelBuilder("club").Add(Member, Season).Add(Knows, Pairs, Plays, Follows).Build();

    /// <summary>Members 1 to 3; seasons 11 (2020), 12 (2021), 13 (from 2022) and 14, which has no day; 1 and 2 know each other from May 2020 to May 2021 and again from 2023, 2 and 3 on no day, 1 and 3 from 2020;
    /// 1 and 2 pair up in 2020, 1 and 3 from 2021.</summary>
    public static Commit Commit { get; } = Sdk.Commit.New()
        .Create(Member, Id(1), Values.None.With(Name, "Ada")).Create(Member, Id(2), Values.None.With(Name, "Bob")).Create(Member, Id(3), Values.None.With(Name, "Cleo"))
        .Create(Season, Id(11), Term("2020", "2020-01-01", "2021-01-01")).Create(Season, Id(12), Term("2021", "2021-01-01", "2022-01-01"))
        .Create(Season, Id(13), Term("2022", "2022-01-01", null)).Create(Season, Id(14), Term("never", "2021-06-01", "2021-06-01"))
        .And(Relate(101, Knows, 1, 2, "2020-05-01", "2021-05-01", 3)).And(Relate(102, Knows, 2, 1, "2023-01-01", null, 5)).And(Relate(103, Knows, 2, 3, "2020-05-01", "2020-05-01", 1)).And(Relate(104, Knows, 1, 3, "2020-01-01", null, 9))
        .And(Relate(111, Pairs, 1, 2, "2020-01-01", "2021-01-01")).And(Relate(112, Pairs, 3, 1, "2021-01-01", null))
        .And(Relate(121, Plays, 1, 11, "2020-01-01", "2020-07-01")).And(Relate(122, Plays, 1, 12, null, null)).And(Relate(123, Plays, 2, 14, null, null)).And(Relate(124, Plays, 2, 13, "2022-01-01", "2022-01-01"))
        .And(Relate(131, Follows, 12, 11)).And(Relate(132, Follows, 13, 12));

    public static async Task<TownServer> Open()
    {
        var server = await TownServer.Empty();
        await server.Engine.ChangeModel([Description], Actor.System, TestContext.Current.CancellationToken);
        await server.Engine.Commit(Commit, TownServer.Admin, TestContext.Current.CancellationToken);
        return server;
    }

    private static EntityId Id(int number) => TownServer.At(number);

    private static Values Term(string title, string from, string? to) => Values.None.With(Title, title).With("validFrom", Day(from)).With("validTo", to is null ? null : Day(to));

    private static Edit.Relate Relate(int id, RelationshipType type, int source, int target, string? from = null, string? to = null, int? warmth = null) =>
        new(type.Name, Id(id), Id(source), Id(target), new Period(from is null ? null : Day(from), to is null ? null : Day(to)), warmth is { } given ? Values.None.With(Since, given) : Values.None);

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd");

    private static Label Same(string fr, string en) => Label.Of(fr, en);

    private static RelationshipType Link(string name) => RelationshipType.Named(name, Same(name, name), Same(name, name));
}

/// <summary>A filled club that the scenarios of a class share; they only read it.</summary>
public sealed class FilledClub : IAsyncLifetime
{
    internal TownServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await Club.Open();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
