using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.GraphQL;

namespace Xrm.Benchmarks;

/// <summary>Reads of 140,000 records in memory.</summary>
[MemoryDiagnoser]
public class Reading
{
    private const int Mayors = 20_000;

    private const string Listed = "{ persons(order: [{ familyName: ASC }], first: 50) { nodes { id familyName givenName mandates(during: {}) { nodes { mandateType validFrom } } } } }";

    private const string MayorOf = """
        query($commune: String!, $at: Date) {
          electiveFunctions(at: $at, where: { functionType: { eq: "mayor" }, mandate: { commune: { code: { eq: $commune } } } }) {
            nodes { validFrom validTo mandate { holder { familyName givenName } } }
          }
        }
        """;

    private readonly JsonDocument _variables = JsonDocument.Parse($$"""{ "commune": "{{Register.CodeOf(7_777)}}", "at": "2021-01-01" }""");
    private Engine _engine = null!;
    private ImageStore _store = null!;
    private GraphQLService _service = null!;
    private ReadStep _point = null!;
    private ReadStep.List _list = null!;
    private ReadStep _deep = null!;

    [GlobalSetup]
    public async Task Fill()
    {
        _store = ImageStore.Open(new MemoryJournal());
        _engine = await Engine.Open(_store, new EngineOptions(), CancellationToken.None);
        await Register.Fill(_engine, Mayors);
        _service = new(_engine, new() { CursorKey = "a key of benchmarks only"u8.ToArray() });
        var person = _engine.Model.Type("Person")!;
        _point = new ReadStep.ById([Register.PersonOf(7_777).Value]) { Views = [TypeView.Of(person)] };
        _list = new ReadStep.List { Views = [TypeView.Of(person)], Selection = new() { Order = [new(person.ByName["familyName"], Descending: false)], First = 50 } };
        _deep = _list with { Selection = _list.Selection with { Offset = Mayors * 9 / 10 } };
        await Checked(await ListOf50(), 50);
        await Checked(await DeepListOf50(), 50);
        await Checked(await Point(), 1);
        await Checked(await ListOf50WithMandates(), 1);
        await Checked(await MayorOfCommune(), 1);
    }

    [GlobalCleanup]
    public async Task Close() => await _engine.DisposeAsync();

    [Benchmark(Description = "one person by id, from the image")]
    public Task<int> Point() => Read(_point);

    [Benchmark(Description = "50 persons by name, from the image")]
    public Task<int> ListOf50() => Read(_list);

    [Benchmark(Description = "50 persons by name past 18,000, from the image")]
    public Task<int> DeepListOf50() => Read(_deep);

    [Benchmark(Description = "50 persons by name with their mandates, GraphQL")]
    public Task<int> ListOf50WithMandates() => Ask(Listed);

    [Benchmark(Description = "the mayor of a commune on a day, GraphQL")]
    public Task<int> MayorOfCommune() => Ask(MayorOf, _variables.RootElement);

    private async Task<int> Read(ReadStep step)
    {
        using var snapshot = _store.Snapshot();
        return (await snapshot.Read(step, CancellationToken.None)).Items.Length;
    }

    /// <returns>1 when it was answered without an error.</returns>
    private async Task<int> Ask(string query, JsonElement variables = default)
    {
        using var answer = await _service.Execute(new(query, null, variables), Register.Clerk, "en", CancellationToken.None);
        return answer.Refusal is null && answer.Body.Span.IndexOf("familyName\":\""u8) > 0 && answer.Body.Span.IndexOf("\"errors\""u8) < 0 ? 1 : 0;
    }

    // What a benchmark measures must be an answer; and an index that it wanted is there before it begins.
    private async Task Checked(int found, int expected)
    {
        if (found != expected)
            throw new InvalidOperationException($"{found} found, {expected} expected.");
        await _store.Settle();
    }
}
