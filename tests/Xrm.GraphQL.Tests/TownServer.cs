using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Core;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>The engine with the invented town in it, and a GraphQL service on top.</summary>
public sealed class TownServer : IAsyncDisposable
{
    internal static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);
    internal static readonly Actor Reader = Actor.Of("user:reader", "reader");

    private readonly ImageStore _image;

    private TownServer(Engine engine, CountingStore store, ImageStore image, TestClock clock, GraphQLOptions options)
    {
        _image = image;
        Engine = engine;
        Store = store;
        Clock = clock;
        Service = new(engine, options);
    }

    internal Engine Engine { get; }
    internal CountingStore Store { get; }
    internal TestClock Clock { get; }
    internal GraphQLService Service { get; }

    /// <summary>An id that tests can name: of persons 1.., mandates 11.., functions 21.., constituencies 31.., and so on.</summary>
    public static string Id(int number) => $"00000000-0000-7000-8000-{number:D12}";

    internal static EntityId At(int number) => EntityId.Parse(Id(number));

    internal static async Task<TownServer> Empty(GraphQLLimits? limits = null, MemoryJournal? journal = null, Func<Engine, GraphQLOptions, GraphQLOptions>? with = null)
    {
        var clock = new TestClock();
        var image = ImageStore.Open(journal ?? new MemoryJournal(), new() { Time = clock });
        var store = new CountingStore(image);
        var engine = await Engine.Open(store, new EngineOptions { Time = clock }, CancellationToken.None);
        await engine.ChangeModel([Town.Description], Actor.System, CancellationToken.None);
        var options = new GraphQLOptions { CursorKey = Encoding.UTF8.GetBytes("a key for tests only"), Limits = limits ?? new(), Log = new TestLog() };
        return new(engine, store, image, clock, with?.Invoke(engine, options) ?? options);
    }

    internal static async Task<TownServer> Filled(GraphQLLimits? limits = null, MemoryJournal? journal = null, Func<Engine, GraphQLOptions, GraphQLOptions>? with = null)
    {
        var server = await Empty(limits, journal, with);
        server.Clock.Advance(hours: 1);
        await server.Engine.Commit(TownData.Commit, Admin, CancellationToken.None);
        server.Clock.Advance(hours: 1);
        return server;
    }

    /// <summary>Asks and answers the JSON.</summary>
    internal async Task<JsonNode> Ask(string query, object? variables = null, Actor? actor = null, string language = "en", string? operation = null, bool explains = false)
    {
        var json = variables as string ?? JsonSerializer.Serialize(variables ?? new { });
        using var parsed = JsonDocument.Parse(json);
        using var answer = await Service.Execute(new(query, operation, parsed.RootElement) { Explains = explains }, actor ?? Admin, language, TestContext.Current.CancellationToken);
        return JsonNode.Parse(answer.Body.Span)!;
    }

    /// <summary>The cursor behind all there is.</summary>
    internal async Task<string> Head() => (await Ask("{ changes(first: 0) { head } }"))["data"]!["changes"]!["head"]!.GetValue<string>();

    /// <summary>Completes when the indexes that were wanted so far are there.</summary>
    internal Task Settle() => _image.Settle();

    public async ValueTask DisposeAsync() => await Engine.DisposeAsync();
}
