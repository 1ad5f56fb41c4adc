using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Xrm.GraphQL;
using Xrm.Sdk;

namespace Xrm.Host.Graph;

/// <summary>Puts GraphQL on the paths <c>/graphql</c> and <c>/graphql/schema.graphql</c>.</summary>
internal static class GraphQLEndpoints
{
    public const string Path = "/graphql";
    public const string SchemaPath = "/graphql/schema.graphql";

    /// <param name="endpoints">Where to put it.</param>
    /// <param name="service">What answers.</param>
    /// <param name="actor">Who asks; <see cref="Actor.Anonymous"/> when nobody is signed in.</param>
    public static void MapGraphQL(this IEndpointRouteBuilder endpoints, GraphQLService service, Func<HttpContext, ValueTask<Actor>> actor)
    {
        var exchange = new GraphQLExchange(service, actor);
        endpoints.Map(Path, exchange.Answer);
        endpoints.MapGet(SchemaPath, exchange.Schema);
    }
}
