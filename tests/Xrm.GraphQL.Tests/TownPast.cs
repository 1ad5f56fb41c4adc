using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>A town in which things happened since: at 9 it was filled, at 11 person 1 changed, at 12 complaint 71 went and person 5 came, at 13 employment 142 went, 143 came and the organisation's number changed, at 14 mandate 12 got an end. It is 15 now.</summary>
public sealed class TownPast : IAsyncLifetime
{
    internal TownServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await Lived();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    internal static async Task<TownServer> Lived(GraphQLLimits? limits = null)
    {
        var server = await TownServer.Filled(limits);
        await server.Engine.ChangeModel([Town.Description, Counters], Actor.System, TestContext.Current.CancellationToken);
        foreach (var commit in Commits)
        {
            server.Clock.Advance(hours: 1);
            await server.Engine.Commit(commit, TownServer.Admin, TestContext.Current.CancellationToken);
        }
        server.Clock.Advance(hours: 1);
        return server;
    }

    /// <summary>A role whose rights depend on what things are: persons with two children at least, and complaints that are new.</summary>
    private static ModelDescription Counters { get; } = new("counters")
    {
        Roles =
        [
            new Role("counter", Label.Of("Guichet", "Counter"),
            [
                new Grant("Person", Rights.Read, Sensitivity.Personal) { Where = new Filter.Compare("children", Comparison.GreaterOrEqual, 2) },
                new Grant("Complaint", Rights.Read, Sensitivity.Personal) { Where = new Filter.Compare("status", Comparison.Equal, "NEW") },
                new Grant("ReportedBy", Rights.Read, Sensitivity.Personal),
            ]),
        ],
    };

    private static IEnumerable<Commit> Commits =>
    [
        Commit.New().And(new Edit.Update("Person", Id(1), 1, Values.None.With(Town.GivenName, "Zoë").With(Town.Children, 3))),
        Commit.New().And(new Edit.Unrelate("ReportedBy", Id(161), 1)).And(new Edit.Delete("Complaint", Id(71), 1)).Create(Town.Person, Id(5), Values.None.With(Town.FamilyName, "NOUVEAU").With(Town.Children, 2)),
        Commit.New().And(new Edit.Unrelate("WorksFor", Id(142), 1)).And(new Edit.Relate("WorksFor", Id(143), Id(3), Id(41), new(new DateOnly(2021, 1, 1), null), Values.None.With(Town.Position, "Boss")))
            .And(new Edit.Update("Organisation", Id(41), 1, Values.None.With(Town.Siren, "987654321"))),
        Commit.New().And(new Edit.Update("Mandate", Id(12), 1, Values.Of(("validTo", new DateOnly(2025, 12, 31))))),
    ];

    private static EntityId Id(int number) => TownServer.At(number);
}
