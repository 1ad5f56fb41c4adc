namespace Xrm.GraphQL.Tests.Transport;

/// <summary>The audits of the GraphQL-over-HTTP draft that its working group keeps in the npm package graphql-http.</summary>
public sealed class AuditTests(TransportServer server) : IClassFixture<TransportServer>
{
    private const string Packages = "graphql-http@1.22.4 graphql@16.11.0";

    [Fact]
    public async Task Every_audit_of_the_http_draft_passes() =>
        (await NodeScript.Run("audits.mjs", Packages, server.Address.AbsoluteUri)).ShouldContain("audits ok");
}
