using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xrm.GraphQL;
using Xrm.Host.Graph.Explorer;

namespace Xrm.Host.Graph;

/// <summary>Puts GraphQL on the paths <c>/graphql</c> and <c>/graphql/schema.graphql</c>.</summary>
internal static class GraphQLEndpoints
{
    public const string Path = "/graphql";
    public const string SchemaPath = "/graphql/schema.graphql";

    /// <param name="endpoints">Where to put it.</param>
    /// <param name="service">What answers.</param>
    /// <param name="callers">Who asks.</param>
    /// <param name="time">By which clients are waited for.</param>
    /// <param name="access">Who is shown the explorer.</param>
    public static StreamParts MapGraphQL(this IEndpointRouteBuilder endpoints, GraphQLService service, ICallers callers, TimeProvider time, ExplorerAccess access = ExplorerAccess.Nobody)
    {
        var stopping = endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var parts = new StreamParts(service, callers, new OpenStreams(service.Limits.Streams, stopping), time);
        var exchange = new GraphQLExchange(service, context => ValueTask.FromResult(callers.Of(context)()));
        var transports = new GraphQLTransports(exchange, parts);
        var explorer = new ExplorerPage(access);
        endpoints.Map(Path, context => explorer.IsMeant(context.Request) && explorer.IsOpenTo(callers.Of(context)()) ? explorer.Answer(context) : transports.Answer(context));
        endpoints.MapGet(ExplorerPage.Root + "{name}", explorer.File);
        endpoints.MapGet(SchemaPath, exchange.Schema);
        return parts;
    }
}
