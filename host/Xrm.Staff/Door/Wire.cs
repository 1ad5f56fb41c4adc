using System.Collections.Immutable;
using System.Runtime.InteropServices.JavaScript;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Sdk;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Door;

/// <summary>Sends GraphQL documents by HTTP with the browser's session, and reads what is wrong with them.</summary>
internal sealed class Wire(Language language, Connection connection)
{
    private int _asked;

    /// <summary>Asks; answers <c>data</c>.</summary>
    public async Task<JsonElement> Ask(string document, JsonObject? variables, CancellationToken cancellation)
    {
        var number = ++_asked;
        var body = new JsonObject { ["query"] = document, ["variables"] = variables }.ToJsonString();
        return (await Answer(() => Browser.Answered(body, language.Code) is { } early ? Task.FromResult<string?>(early) : Browser.Ask(number, body, language.Code), () => Browser.BreakOff(number), cancellation)).GetProperty("data");
    }

    /// <summary>What a request of the browser's script brings; it has no errors.</summary>
    /// <param name="ask">Begins it; answers JSON, null when nobody is signed in.</param>
    /// <param name="breakOff">Ends it when the answer is not wanted any more.</param>
    /// <exception cref="Problem">The server told errors.</exception>
    public async Task<JsonElement> Answer(Func<Task<string?>> ask, Action breakOff, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        JsonElement answer;
        using (cancellation.UnsafeRegister(_ => breakOff(), null))
            try
            {
                answer = JsonElement.Parse(await ask() ?? throw new SignedOutException());
            }
            catch (JSException) when (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellation);
            }
            catch (Exception e) when (e is JSException or JsonException)
            {
                connection.Lost();
                throw new ServerGoneException("The server did not answer.", e);
            }
        connection.Found();
        return answer.TryGetProperty("errors", out var errors) ? throw Wrong(errors) : answer;
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
