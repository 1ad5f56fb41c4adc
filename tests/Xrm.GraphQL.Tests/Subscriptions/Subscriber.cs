using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.GraphQL.Subscriptions;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Subscriptions;

/// <summary>One subscription, its events taken one by one.</summary>
internal sealed class Subscriber : IDisposable
{
    private readonly Subscription _subscription;

    private Subscriber(Subscription subscription) => _subscription = subscription;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Begins one that begins.</summary>
    public static async Task<Subscriber> Start(TownServer server, string query, object? variables = null, Func<Actor>? who = null)
    {
        var (answer, subscription) = await Begin(server, query, variables, who);
        using (answer)
            (answer is null ? null : Text(answer)).ShouldBeNull();
        return new(subscription!);
    }

    /// <summary>Begins one that is refused.</summary>
    public static async Task<JsonNode> Refused(TownServer server, string query, object? variables = null, Func<Actor>? who = null)
    {
        var (answer, subscription) = await Begin(server, query, variables, who);
        subscription.ShouldBeNull();
        using (answer)
            return JsonNode.Parse(Text(answer!))!["errors"]!;
    }

    /// <summary>The data of the next event.</summary>
    public async Task<JsonNode> Next()
    {
        var told = await _subscription.Next(Cancellation);
        using (told.End)
            (told.End is null ? null : Text(told.End)).ShouldBeNull();
        var json = JsonNode.Parse(told.Body.Span)!;
        json["errors"]?.ToJsonString().ShouldBeNull();
        return json["data"]!;
    }

    /// <summary>The one field of the next event.</summary>
    public async Task<JsonNode?> Next(string field) => (await Next())[field];

    /// <summary>The errors that end it.</summary>
    public async Task<JsonArray> End()
    {
        var told = await _subscription.Next(Cancellation);
        using (told.End)
            return JsonNode.Parse(Text(told.End.ShouldNotBeNull()))!["errors"]!.AsArray();
    }

    /// <summary>Sees to it that nothing is told of what was written so far: the next event is of something written now.</summary>
    public async Task Tells(string field, Func<Task> write, string expected)
    {
        var next = _subscription.Next(Cancellation).AsTask();
        await write();
        using var told = JsonDocument.Parse((await next).Body);
        JsonNode.Parse(told.RootElement.GetProperty("data").GetProperty(field).GetRawText())!.ToJsonString().ShouldBe(expected);
    }

    public void Dispose() => _subscription.Dispose();

    private static string Text(GraphQLAnswer answer) => System.Text.Encoding.UTF8.GetString(answer.Body.Span);

    private static async Task<GraphQLStart> Begin(TownServer server, string query, object? variables, Func<Actor>? who)
    {
        using var parsed = JsonDocument.Parse(JsonSerializer.Serialize(variables ?? new { }));
        return await server.Service.Begin(new(query, null, parsed.RootElement), who ?? (() => TownServer.Admin), "en", Cancellation);
    }
}
