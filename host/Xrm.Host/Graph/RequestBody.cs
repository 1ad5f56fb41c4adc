using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Xrm.GraphQL;
using Xrm.Host.Graph.Documents;
using Xrm.Sdk;

namespace Xrm.Host.Graph;

/// <summary>A request as the transport reads it; its variables live until it is disposed of.</summary>
internal sealed class RequestBody : IDisposable
{
    private static readonly KeptTexts Texts = new();
    private readonly JsonDocument? _json;

    private RequestBody(GraphQLRequest request, JsonDocument? json)
    {
        Request = request;
        _json = json;
    }

    public GraphQLRequest Request { get; }

    /// <summary>Its <c>extensions.operationId</c>, by which operations that share a response are told apart; null when it has none.</summary>
    public string? OperationId { get; private init; }

    /// <summary>Several requests in one, a JSON array; undefined when it is one request.</summary>
    public JsonElement Batch => _json is { RootElement: { ValueKind: JsonValueKind.Array } several } ? several : default;

    public bool IsBatch => Batch.ValueKind == JsonValueKind.Array;

    /// <param name="allowsBatch">Whether an array is several requests; otherwise it is none.</param>
    /// <exception cref="BadRequest">It is none, or is larger than <paramref name="most"/> bytes: no more than that is read.</exception>
    public static async ValueTask<RequestBody> Read(HttpRequest request, int most, CancellationToken cancellation, bool allowsBatch = false)
    {
        if (HttpMethods.IsGet(request.Method))
            return OfQuery(request);
        if (!HttpMethods.IsPost(request.Method))
            throw new BadRequest(StatusCodes.Status405MethodNotAllowed, "method", "GraphQL se demande par POST ou GET.", "GraphQL is asked by POST or GET.");
        if (!MediaTypes.IsRequest(request.ContentType))
            throw new BadRequest(StatusCodes.Status415UnsupportedMediaType, "contentType",
                $"Le corps doit être du {MediaTypes.Json} en UTF-8 (Content-Type).", $"The body must be {MediaTypes.Json} in UTF-8 (Content-Type).");
        if (request.ContentLength > most)
            throw TooLarge(most, request.ContentLength);
        try
        {
            // The document must not refer to pooled memory: the variables are used while the request runs.
            var json = JsonDocument.Parse(await Whole(request.BodyReader, most, cancellation));
            return allowsBatch && json.RootElement.ValueKind == JsonValueKind.Array ? new(default, json) : OfJson(json);
        }
        catch (BadHttpRequestException wrong)
        {
            throw new BadRequest(wrong.StatusCode, "body", "Le corps de la requête est mal transmis.", "The request's body is not transferred as HTTP has it.");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no Unicode text.
            throw NotJson(wrong);
        }
    }

    public void Dispose() => _json?.Dispose();

    private static async ValueTask<byte[]> Whole(PipeReader body, int most, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            var isTooLarge = read.Buffer.Length > most;
            var whole = read.IsCompleted && !isTooLarge ? read.Buffer.ToArray() : null;
            body.AdvanceTo(whole is null ? read.Buffer.Start : read.Buffer.End, read.Buffer.End);
            if (isTooLarge)
                throw TooLarge(most, null);
            if (whole is not null)
                return whole;
        }
    }

    private static RequestBody OfQuery(HttpRequest request)
    {
        var query = request.Query;
        JsonDocument? variables = null;
        var name = query["documentId"] is [{ Length: > 0 } id] ? RequestedDocument.Of(id) : null;
        var explains = false;
        try
        {
            if (query["variables"] is [{ Length: > 0 } given])
                variables = JsonDocument.Parse(given);
            if (query["extensions"] is [{ Length: > 0 } extensions])
            {
                using var parsed = JsonDocument.Parse(extensions);
                Check(parsed.RootElement, "extensions", JsonValueKind.Object);
                name ??= RequestedDocument.Of(default, parsed.RootElement);
                explains = Explains(parsed.RootElement);
            }
            if (variables is not null)
            {
                Check(variables.RootElement, "variables", JsonValueKind.Object);
                UnicodeText.Check(variables.RootElement);
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new BadRequest(StatusCodes.Status400BadRequest, "json",
                $"« variables » et « extensions » sont des objets JSON : {wrong.Message}", $"\"variables\" and \"extensions\" are JSON objects: {wrong.Message}");
        }
        var text = query["query"].Count == 1 ? query["query"].ToString() : "";
        if (text.Length == 0 && name is null)
            throw NoQuery();
        return new(new GraphQLRequest(text, query["operationName"].ToString(), variables?.RootElement ?? default) { IsReadOnly = true, Name = name, Explains = explains }, variables);
    }

    /// <summary>The request in a JSON object, which is disposed of with it.</summary>
    /// <exception cref="BadRequest">It is none.</exception>
    public static RequestBody OfJson(JsonDocument json)
    {
        var request = Of(json.RootElement);
        return new(request, json)
        {
            OperationId = json.RootElement.TryGetProperty("extensions", out var extensions) && extensions.ValueKind == JsonValueKind.Object
                && extensions.TryGetProperty("operationId", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null,
        };
    }

    /// <summary>The request that an element of JSON holds; it lives as long as that.</summary>
    /// <exception cref="BadRequest">It is none.</exception>
    /// <exception cref="InvalidOperationException">It has a string that is no Unicode text.</exception>
    public static GraphQLRequest Of(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
            throw new BadRequest(StatusCodes.Status400BadRequest, "batching", "Une seule requête à la fois ici : un objet JSON, pas un tableau.", "One request at a time here: a JSON object, not an array.");
        if (root.ValueKind != JsonValueKind.Object)
            throw new BadRequest(StatusCodes.Status400BadRequest, "json", "La requête doit être un objet JSON.", "The request must be a JSON object.");
        var query = Get(root, "query", JsonValueKind.String);
        var operation = Get(root, "operationName", JsonValueKind.String);
        var variables = Get(root, "variables", JsonValueKind.Object);
        UnicodeText.Check(variables);
        var extensions = Get(root, "extensions", JsonValueKind.Object);
        var name = RequestedDocument.Of(Get(root, "documentId", JsonValueKind.String), extensions);
        var text = query.ValueKind == JsonValueKind.String ? Texts.Of(query) : "";
        if (text.Length == 0 && name is null)
            throw NoQuery();
        return new(text, operation.ValueKind == JsonValueKind.String ? Texts.Of(operation) : null, variables) { Name = name, Explains = Explains(extensions) };
    }

    /// <summary>Tells that a body cannot be read.</summary>
    public static BadRequest NotJson(Exception wrong) => new(StatusCodes.Status400BadRequest, "json",
        $"Le corps n'est pas du JSON lisible : {wrong.Message}", $"The body is not readable JSON: {wrong.Message}");

    /// <summary><c>extensions: { explain: true }</c></summary>
    private static bool Explains(JsonElement extensions) =>
        extensions.ValueKind == JsonValueKind.Object && extensions.TryGetProperty("explain", out var explain) && explain.ValueKind == JsonValueKind.True;

    private static JsonElement Get(JsonElement root, string name, JsonValueKind kind)
    {
        if (!root.TryGetProperty(name, out var value))
            return default;
        Check(value, name, kind);
        return value;
    }

    private static void Check(JsonElement value, string name, JsonValueKind kind)
    {
        if (value.ValueKind != kind && value.ValueKind != JsonValueKind.Null)
            throw new BadRequest(StatusCodes.Status400BadRequest, name,
                $"« {name} » doit être {(kind == JsonValueKind.String ? "une chaîne" : "un objet")}.", $"\"{name}\" must be {(kind == JsonValueKind.String ? "a string" : "an object")}.");
    }

    private static BadRequest NoQuery() => new(StatusCodes.Status400BadRequest, "query",
        "La requête n'a pas de document (« query »).", "The request has no document (\"query\").");

    private static BadRequest TooLarge(int most, long? length) => new(StatusCodes.Status413PayloadTooLarge, "bodyBytes",
        $"Le corps dépasse {most} octets.", $"The body is larger than {most} bytes.", ProblemCode.Limit) { Limit = new(most, length) };
}

/// <summary>What the transport refuses before there is a GraphQL request.</summary>
internal sealed class BadRequest(int status, string rule, string french, string english, ProblemCode code = ProblemCode.Invalid) : Exception
{
    public int Status { get; } = status;
    public string Rule { get; } = rule;
    public Label Label { get; } = Label.Of(french, english);
    public ProblemCode Code { get; } = code;
    /// <summary>Which limit was passed; otherwise null.</summary>
    public PassedLimit? Limit { get; init; }

    public GraphQLAnswer Answer(string language) => GraphQLAnswer.Of([new AnswerError(new Fault(Code, Label, null, Rule)) { Limit = Limit }], language);
}
