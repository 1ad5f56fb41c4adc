using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.GraphQL.Documents;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>Automatically persisted documents, as Apollo's clients ask for them.</summary>
public sealed class PersistedDocumentTests
{
    private const string Query = "query Me($x: Boolean = true) { me { id @include(if: $x) } }";
    private const string Answer = """{"data":{"me":{"id":"user:admin"}}}""";

    [Fact]
    public async Task A_hash_that_is_not_known_is_asked_for_with_its_document_and_known_from_then_on()
    {
        await using var server = await TransportServer.Of(new());
        var hash = DocumentName.HashOf(Query);
        foreach (var accept in (string[])[TransportCalls.Json, TransportCalls.GraphQL])
        {
            var (status, unknown) = await server.Post(Body(hash), accept);
            status.ShouldBe(accept == TransportCalls.Json ? 200 : 400);
            unknown.ToJsonString().ShouldBe("""{"errors":[{"message":"PersistedQueryNotFound","extensions":{"code":"PERSISTED_QUERY_NOT_FOUND","rule":"persistedQuery"}}]}""");
        }
        (await server.Post(Body(hash, Query))).Json.ToJsonString().ShouldBe(Answer);

        (await server.Post(Body(hash))).Json.ToJsonString().ShouldBe(Answer);
        (await server.Post(Body(hash.ToUpperInvariant()))).Json.ToJsonString().ShouldBe(Answer);
        (await server.Get(("extensions", Extensions(hash)), ("variables", """{"x":true}"""))).Json.ToJsonString().ShouldBe(Answer);
        (await server.Get(("documentId", "sha256:" + hash))).Json.ToJsonString().ShouldBe(Answer);
        (await server.Post($"[{Body(hash)},{Body(DocumentName.HashOf("{ x }"))}]")).Json.AsArray().Select(a => a!.Code()).ShouldBe([null, "PERSISTED_QUERY_NOT_FOUND"]);
    }

    [Fact]
    public async Task A_hash_of_another_document_is_refused_and_not_kept()
    {
        await using var server = await TransportServer.Of(new());
        var other = DocumentName.HashOf("{ __typename }");
        var (status, json) = await server.Post(Body(other, Query));
        status.ShouldBe(400);
        json.Rule().ShouldBe("persistedQuery");
        (await server.Post(Body(other))).Json.Code().ShouldBe("PERSISTED_QUERY_NOT_FOUND");
    }

    [Fact]
    public async Task What_is_not_valid_is_not_kept()
    {
        await using var server = await TransportServer.Of(new());
        var hash = DocumentName.HashOf("{ nope }");
        (await server.Post(Body(hash, "{ nope }"))).Json.Code().ShouldBe("INVALID");
        (await server.Post(Body(hash))).Json.Code().ShouldBe("PERSISTED_QUERY_NOT_FOUND");
    }

    [Theory]
    [InlineData("""{"persistedQuery":{"version":2,"sha256Hash":"H"}}""")]
    [InlineData("""{"persistedQuery":{"version":1}}""")]
    [InlineData("""{"persistedQuery":{"version":1,"sha256Hash":"abc"}}""")]
    [InlineData("""{"persistedQuery":"H"}""")]
    public async Task Another_form_is_refused(string extensions)
    {
        await using var server = await TransportServer.Of(new());
        var (status, json) = await server.Post($$"""{"query":"{ __typename }","extensions":{{extensions.Replace("H", DocumentName.HashOf("{ __typename }"), StringComparison.Ordinal)}}}""");
        status.ShouldBe(400);
        json.Rule().ShouldBe("persistedQuery");
    }

    [Fact]
    public async Task A_mutation_by_its_hash_is_not_run_by_get()
    {
        await using var server = await TransportServer.Of(new());
        var mutation = $$"""mutation { deletePerson(id: "{{TownServer.Id(1)}}", expectedVersion: 9) { id } }""";
        (await server.Post(Body(DocumentName.HashOf(mutation), mutation))).Json.Code().ShouldBe("CONFLICT");
        (await server.Get(("extensions", Extensions(DocumentName.HashOf(mutation))))).Status.ShouldBe(405);
    }

    [Fact]
    public async Task Only_so_many_characters_are_kept_and_the_older_ones_go()
    {
        await using var server = await TransportServer.Of(new(), rules: new() { PersistedLength = 100 });
        string Numbered(int i) => $"query Number{i:D20} {{ __typename }}";
        for (var i = 0; i < 6; i++)
            (await server.Post(Body(DocumentName.HashOf(Numbered(i)), Numbered(i)))).Json.Code().ShouldBeNull();
        (await server.Post(Body(DocumentName.HashOf(Numbered(5))))).Json.Code().ShouldBeNull();
        (await server.Post(Body(DocumentName.HashOf(Numbered(0))))).Json.Code().ShouldBe("PERSISTED_QUERY_NOT_FOUND");
    }

    [Fact]
    public async Task Where_none_are_kept_clients_are_told_so_and_their_whole_documents_run()
    {
        await using var server = await TransportServer.Of(new(), rules: new() { PersistedLength = 0 });
        var hash = DocumentName.HashOf(Query);
        (await server.Post(Body(hash, Query))).Json.ToJsonString().ShouldBe(Answer);
        (await server.Post(Body(hash))).Json["errors"]![0]!["message"]!.GetValue<string>().ShouldBe("PersistedQueryNotSupported");
    }

    private static string Extensions(string hash) => new JsonObject { ["persistedQuery"] = new JsonObject { ["version"] = 1, ["sha256Hash"] = hash } }.ToJsonString();

    private static string Body(string hash, string? query = null) =>
        $$"""{{{(query is null ? "" : $"\"query\":{JsonSerializer.Serialize(query)},")}}"extensions":{{Extensions(hash)}}}""";
}
