using Xrm.GraphQL;

namespace Xrm.Host.Graph;

/// <summary>What connections that stay open are made with.</summary>
/// <param name="Service">What answers.</param>
/// <param name="Callers">Who asks.</param>
/// <param name="Streams">Those that are open.</param>
/// <param name="Time">The clock.</param>
internal sealed record StreamParts(GraphQLService Service, ICallers Callers, OpenStreams Streams, TimeProvider Time)
{
    public StreamLimits Limits => Service.Limits.Streams;

    public Patience Patience { get; } = new(Service.Limits.Streams.Patience, Time);
}
