using System.Text.Json;
using Xrm.GraphQL.Documents;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Transport;

/// <summary>Documents that were put on a list beforehand, and a server that runs no others.</summary>
public sealed class TrustedDocumentTests
{
    private const string Listed = "query Me { me { id } }";
    private const string Other = "{ me { roles } }";
    private static readonly TrustedDocuments List = TrustedDocuments.Of([new("portal-me", Listed), new(null, "{ __typename }")]);

    private static readonly DocumentRules Closed = new() { Trusted = () => List, MaySendOthers = actor => actor.Id == TownServer.Admin.Id };

    [Theory]
    [InlineData("portal-me")]
    [InlineData("sha256:")]
    public async Task A_listed_document_runs_by_its_id_and_by_its_hash(string id)
    {
        await using var server = await TransportServer.Of(new(), rules: Closed);
        var name = id == "sha256:" ? id + DocumentName.HashOf(Listed) : id;
        var reader = Reader(server);
        (await server.Post($$"""{"documentId":"{{name}}"}""", headers: reader)).Json.ToJsonString().ShouldBe("""{"data":{"me":{"id":"user:reader"}}}""");
        (await server.Post($$"""{"documentId":"{{name}}","query":{{JsonSerializer.Serialize(Listed)}}}""", headers: reader)).Json["errors"].ShouldBeNull();
        (await server.Post($$"""{"query":{{JsonSerializer.Serialize(Listed)}}}""", headers: reader)).Json["errors"].ShouldBeNull();
        (await server.Post(Persisted(DocumentName.HashOf(Listed)), headers: reader)).Json["errors"].ShouldBeNull();
    }

    [Fact]
    public async Task Others_are_refused_however_they_come_and_run_for_those_who_may_send_them()
    {
        await using var server = await TransportServer.Of(new(), rules: Closed);
        var (reader, hash, text) = (Reader(server), DocumentName.HashOf(Other), JsonSerializer.Serialize(Other));
        var persisted = Persisted(hash).Insert(1, $"\"query\":{text},");
        var refused = (await server.Post($$"""{"query":{{text}}}""", headers: reader)).Json;
        refused.Code().ShouldBe("FORBIDDEN");
        refused.Rule().ShouldBe("trustedDocuments");
        (await server.Post(persisted, headers: reader)).Json.Rule().ShouldBe("trustedDocuments");
        (await server.Post($$"""[{"query":{{text}}},{"documentId":"portal-me"}]""", headers: reader)).Json.AsArray().Select(a => a!.Rule()).ShouldBe(["trustedDocuments", null]);

        (await server.Post(persisted)).Json["errors"].ShouldBeNull();
        (await server.Post($$"""{"documentId":"sha256:{{hash}}"}""")).Json["errors"].ShouldBeNull();
        // What an administrator had kept is nobody else's.
        (await server.Post($$"""{"documentId":"sha256:{{hash}}"}""", headers: reader)).Json.Code().ShouldBe("NOT_FOUND");
        (await server.Post(Persisted(hash), headers: reader)).Json.Code().ShouldBe("PERSISTED_QUERY_NOT_SUPPORTED");
    }

    [Fact]
    public async Task An_id_of_another_document_and_one_of_a_form_that_nobody_knows_are_refused()
    {
        await using var server = await TransportServer.Of(new(), rules: new() { Trusted = () => List });
        (await server.Post($$"""{"documentId":"portal-me","query":{{JsonSerializer.Serialize(Other)}}}""")).Json.Rule().ShouldBe("persistedQuery");
        (await server.Post($$"""{"documentId":"other","query":{{JsonSerializer.Serialize(Other)}}}""")).Json.Rule().ShouldBe("persistedQuery");
        (await server.Post("""{"documentId":"md5:0123"}""")).Json.Rule().ShouldBe("documentId");
        (await server.Post("""{"documentId":"x-portal:7"}""")).Json.Code().ShouldBe("NOT_FOUND");
        (await server.Post("""{"documentId":7}""")).Status.ShouldBe(400);
    }

    private static string Persisted(string hash) => $$$$"""{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"{{{{hash}}}}"}}}""";

    private static (string, string)[] Reader(TransportServer server)
    {
        server.Callers.Tokens["reader"] = TownServer.Reader;
        return [("X-Token", "reader")];
    }
}
