using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Elus;
using Microsoft.Extensions.Logging.Abstractions;
using Parties;
using Xrm.Sdk;
using Xrm.Testing;

namespace Xrm.Elus.Tests.Rne;

/// <summary>An authority that reads registers of mayors: the real engine with both plugins, and the format as the host runs it.</summary>
internal sealed class Town : IAsyncDisposable
{
    private static readonly Actor Operator = Actor.Of("operator:1000", Role.Administrator);
    private static readonly Actor Plugin = Actor.Of("plugin:elus", Role.Administrator);

    private readonly TestXrm _xrm;
    private readonly ImportFormat _format;

    private Town(TestXrm xrm)
    {
        _xrm = xrm;
        var hooks = new Hooks();
        new ElusPlugin().Attach(hooks, new PluginContext(xrm.As(Plugin), xrm.Clock, NoServices.Instance,
            ImmutableDictionary<string, string>.Empty, NullLogger.Instance, Secret, new HttpClient()));
        _format = hooks.Imports.Handlers.Single();
    }

    public static async Task<Town> Open() => new(await TestXrm.With(new PartiesPlugin(), new ElusPlugin()));

    public TestXrm Xrm => _xrm;

    public static byte[] Secret(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));

    public Task<(ImportReport Report, int Edits)> Import(string file, string? date = null) => Import(Encoding.UTF8.GetBytes(file), date);

    /// <summary>Plans as the host does for an operator and commits as the plugin, who may set the matching key; answers how many edits there were.</summary>
    public async Task<(ImportReport Report, int Edits)> Import(byte[] file, string? date = null)
    {
        var plan = await Plan(file, date);
        if (plan.Commit.Edits.Count > 0)
            await _xrm.As(Plugin).Commit(plan.Commit);
        return (plan.Report, plan.Commit.Edits.Count);
    }

    public async Task<ImportPlan> Plan(byte[] file, string? date = null)
    {
        var options = date is null ? ImmutableDictionary<string, string>.Empty : ImmutableDictionary<string, string>.Empty.Add("date", date);
        return await _format.Read(new Import(new MemoryStream(file), "mayors.csv", options, _xrm.As(Operator), new Progress<ImportProgress>()), CancellationToken.None);
    }

    /// <summary>As code, not as a person: the matching key may be set too.</summary>
    public Task Create(EntityType type, Values values) => _xrm.As(Plugin).Commit(Commit.New().Create(type, values)).AsTask();

    /// <summary>The mayors that a commune is known to have had, oldest first: name, function (mandate).</summary>
    public async Task<string[]> Mayors(string code)
    {
        var mayors = await _xrm.Query(Query.For(ElectiveFunction.Type)
            .Where(ElectiveFunction.FunctionType.Is("mayor"))
            .Where(new Filter.Through("mandate", Quantifier.Some, new Filter.Through("constituency", Quantifier.Some,
                Constituency.Kind.Is(ConstituencyType.Commune) & Constituency.Code.Is(code)) { During = Period.Always }) { During = Period.Always })
            .With(new Include("mandate") { During = Period.Always, With = [new Include("holder")] }) with { Orders = [new Order("validFrom")] });
        return [.. mayors.Select(Mayor)];
    }

    public async Task<string?> Name(string code) =>
        (await _xrm.Query(Query.For(Constituency.Type).Where(Constituency.Code.Is(code)))).SingleOrDefault()?.Get(Constituency.Name);

    public async Task<int> Count(EntityType type) => (await _xrm.Query(Query.For(type))).Length;

    public ValueTask DisposeAsync() => _xrm.DisposeAsync();

    private static string Mayor(Entity function)
    {
        var mandate = function.Get(ElectiveFunction.HasFunction.Target).Single().Other!;
        var holder = mandate.Get(Mandate.HoldsMandate.Target).Single().Other!;
        return $"{holder.Get(Person.FamilyName)} {holder.Get(Person.GivenName)} {Days(function.Period)} ({Days(mandate.Period)})";
    }

    private static string Days(Period period) => $"{period.From:yyyy-MM-dd}..{period.To:yyyy-MM-dd}";

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
