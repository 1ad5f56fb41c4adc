using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Sdk;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Door;

/// <summary>Sends GraphQL documents by HTTP with the browser's session, and reads what is wrong with them.</summary>
internal sealed class Wire(HttpClient http, Language language, Connection connection)
{
    private static readonly MediaTypeHeaderValue Sent = new("application/json");

    /// <summary>Asks; answers <c>data</c>.</summary>
    public async Task<JsonElement> Ask(string document, JsonObject? variables, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql")
        {
            Content = new StringContent(new JsonObject { ["query"] = document, ["variables"] = variables }.ToJsonString(), Encoding.UTF8, Sent),
        };
        request.Headers.Add("X-Xrm", "1");
        request.Headers.Add("Accept", "application/graphql-response+json");
        request.Headers.Add("Accept-Language", language.Code);
        JsonElement answer;
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                throw new SignedOutException();
            if (response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
                throw new HttpRequestException();
            using var body = await response.Content.ReadAsStreamAsync(cancellation);
            using var json = await JsonDocument.ParseAsync(body, default, cancellation);
            answer = json.RootElement.Clone();
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException)
        {
            connection.Lost();
            throw new ServerGoneException("The server did not answer.", e);
        }
        connection.Found();
        if (answer.TryGetProperty("errors", out var errors))
            throw Wrong(errors);
        return answer.GetProperty("data");
    }

    /// <summary>The exception for the errors of an answer.</summary>
    public static Exception Wrong(JsonElement errors)
    {
        var faults = errors.EnumerateArray().Select(Fault).ToImmutableArray();
        if (faults.Any(f => f.Code == ProblemCode.Unauthenticated))
            return new SignedOutException();
        return new Problem(faults);
    }

    private static Fault Fault(JsonElement error)
    {
        var message = error.GetProperty("message").GetString()!;
        var told = error.TryGetProperty("extensions", out var extensions) ? extensions : default;
        var code = Text("code") is { } name && Enum.TryParse<ProblemCode>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var known) ? known : ProblemCode.Invalid;
        return new(code, Label.Of(message, message), Text("field"), Text("rule"))
        {
            Edit = told.ValueKind == JsonValueKind.Object && told.TryGetProperty("edit", out var edit) ? edit.GetInt32() : null,
            Conflicts = told.ValueKind == JsonValueKind.Object && told.TryGetProperty("conflicts", out var conflicts)
                ? [.. conflicts.EnumerateArray().Select(c => new FieldConflict(c.GetProperty("field").GetString()!, Value(c, "base"), Value(c, "theirs"), Value(c, "yours")))]
                : [],
        };

        string? Text(string property) => told.ValueKind == JsonValueKind.Object && told.TryGetProperty(property, out var text) ? text.GetString() : null;
    }

    /// <summary>As JSON: the field's shape is not known here.</summary>
    private static JsonElement? Value(JsonElement conflict, string name) =>
        conflict.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
