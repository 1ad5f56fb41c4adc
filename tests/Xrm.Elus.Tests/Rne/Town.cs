using System.Collections.Immutable;
using System.Text;
using Elus;
using Parties;
using Xrm.Sdk;
using Xrm.Testing;

namespace Xrm.Elus.Tests.Rne;

/// <summary>An authority that reads registers of mayors, with both plugins.</summary>
internal sealed class Town : IAsyncDisposable
{
    private Town(TestXrm xrm) => Xrm = xrm;

    public static async Task<Town> Open() => new(await TestXrm.With(new PartiesPlugin(), new ElusPlugin()));

    public TestXrm Xrm { get; }

    public Task<(ImportReport Report, int Edits)> Import(string file, string? date = null) => Import(Encoding.UTF8.GetBytes(file), date);

    /// <summary>Reads a register and does what it says; answers how many edits there were.</summary>
    public async Task<(ImportReport Report, int Edits)> Import(byte[] file, string? date = null)
    {
        var imported = await Xrm.Import("rne", new MemoryStream(file), Options(date));
        return (imported.Report, imported.Commit.Edits.Count);
    }

    public Task<ImportPlan> Plan(byte[] file, string? date = null) => Xrm.PlanImport("rne", new MemoryStream(file), Options(date));

    /// <summary>As code, not as a person: the matching key may be set too.</summary>
    public Task Create(EntityType type, Values values) => Xrm.AsPlugin("elus").Commit(Commit.New().Create(type, values)).AsTask();

    /// <summary>The mayors that a commune is known to have had, oldest first: name, function (mandate).</summary>
    public async Task<string[]> Mayors(string code)
    {
        var mayors = await Xrm.Query(Query.For(ElectiveFunction.Type)
            .Where(ElectiveFunction.FunctionType.Is("mayor"))
            .Where(new Filter.Through("mandate", Quantifier.Some, new Filter.Through("constituency", Quantifier.Some,
                Constituency.Kind.Is(ConstituencyType.Commune) & Constituency.Code.Is(code)) { During = Period.Always }) { During = Period.Always })
            .With(new Include("mandate") { During = Period.Always, With = [new Include("holder")] }) with { Orders = [new Order("validFrom")] });
        return [.. mayors.Select(Mayor)];
    }

    public async Task<string?> Name(string code) =>
        (await Xrm.Query(Query.For(Constituency.Type).Where(Constituency.Code.Is(code)))).SingleOrDefault()?.Get(Constituency.Name);

    public async Task<int> Count(EntityType type) => (await Xrm.Query(Query.For(type))).Length;

    public ValueTask DisposeAsync() => Xrm.DisposeAsync();

    private static string Mayor(Entity function)
    {
        var mandate = function.Get(ElectiveFunction.HasFunction.Target).Single().Other!;
        var holder = mandate.Get(Mandate.HoldsMandate.Target).Single().Other!;
        return $"{holder.Get(Person.FamilyName)} {holder.Get(Person.GivenName)} {Days(function.Period)} ({Days(mandate.Period)})";
    }

    private static string Days(Period period) => $"{period.From:yyyy-MM-dd}..{period.To:yyyy-MM-dd}";

    private static ImmutableDictionary<string, string> Options(string? date) => date is null ? ImmutableDictionary<string, string>.Empty : ImmutableDictionary<string, string>.Empty.Add("date", date);
}
