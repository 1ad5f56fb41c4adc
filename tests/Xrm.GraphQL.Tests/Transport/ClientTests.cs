namespace Xrm.GraphQL.Tests.Transport;

/// <summary>The clients that most applications use.</summary>
public sealed class ClientTests
{
    private const string Packages = "graphql@16.11.0 graphql-ws@6.0.6 graphql-sse@2.5.4 ws@8.18.3";

    [Theory]
    [InlineData("ws")]
    [InlineData("sse")]
    [InlineData("sse-single")]
    public async Task Npm_clients_ask_subscribe_and_go_on_from_the_last_cursor(string kind)
    {
        await using var server = await TransportServer.Start(new());
        server.Callers.Tokens["clients"] = TownServer.Admin;

        (await NodeScript.Run("clients.mjs", Packages, server.Address.AbsoluteUri, kind)).ShouldContain("clients ok");
    }
}
