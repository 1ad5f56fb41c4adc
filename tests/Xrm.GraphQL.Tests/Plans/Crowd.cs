using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Plans;

/// <summary>The invented town with so many people in it that the image keeps indexes.</summary>
public sealed class Crowd : IAsyncLifetime
{
    public const int Persons = 400;

    internal TownServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await Filled();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>400 persons; each fifth has a complaint, each tenth works for one of two organisations, and each hundredth holds a mandate.</summary>
    internal static async Task<TownServer> Filled(GraphQLLimits? limits = null, Func<GraphQLOptions, GraphQLOptions>? with = null)
    {
        var server = await TownServer.Empty(limits, with: (_, options) => with?.Invoke(options) ?? options);
        var commit = Commit.New()
            .Create(Town.Organisation, TownServer.At(1001), Values.None.With(Town.Siren, "100000001").With(Town.LegalName, "Alpha"))
            .Create(Town.Organisation, TownServer.At(1002), Values.None.With(Town.Siren, "100000002").With(Town.LegalName, "Beta"));
        for (var i = 1; i <= Persons; i++)
        {
            commit = commit.Create(Town.Person, TownServer.At(i), Values.None.With(Town.FamilyName, $"Name {i % 40:00}").With(Town.GivenName, $"Given {i}").With(Town.Children, i % 5).With(Town.Email, $"p{i}@example.org"));
            if (i % 5 == 0)
                commit = commit.Create(Town.Complaint, TownServer.At(2000 + i), Values.None.With(Town.Subject, $"Subject {i % 7}"))
                    .And(new Edit.Relate(Town.ReportedBy.Name, TownServer.At(3000 + i), TownServer.At(2000 + i), TownServer.At(i), Period.Always, Values.None));
            if (i % 10 == 0)
                commit = commit.And(new Edit.Relate(Town.WorksFor.Name, TownServer.At(4000 + i), TownServer.At(i), TownServer.At(1001 + i / 10 % 2), new Period(new DateOnly(2020, 1, 1), null), Values.None.With(Town.Position, "Clerk")));
            if (i % 100 == 0)
                commit = commit.Create(Town.Mandate, TownServer.At(5000 + i), Values.None.With(Town.MandateType, "municipal").With("validFrom", new DateOnly(2020, 6, 28)))
                    .And(new Edit.Relate(Town.HoldsMandate.Name, TownServer.At(6000 + i), TownServer.At(i), TownServer.At(5000 + i), Period.Always, Values.None));
        }
        await server.Engine.Commit(commit, Actor.System, CancellationToken.None);
        return server;
    }

    /// <summary>The plan that an administrator is told, once the indexes that it wanted are there.</summary>
    internal async Task<string> Explained(string query, object? variables = null)
    {
        await Server.Ask(query, variables);
        await Server.Settle();
        var answer = await Server.Ask(query, variables, explains: true);
        return answer["extensions"]!["explain"]!.GetValue<string>().TrimEnd();
    }
}
