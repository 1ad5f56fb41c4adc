using Xrm.Sdk;

namespace Sample;

/// <summary>Staff register requests, each with a reference, and say which one follows which.</summary>
public sealed class SamplePlugin : Plugin
{
    public override string Id => "sample";
    public override Label Title => Label.Of("Sample", "Sample");
    public override Label Description => Label.Of("Les demandes et leurs suites.", "Requests and what follows them.");

    public override void Describe(ModelBuilder model) => model
        .Add(Request.Type)
        .Add(Request.Follows)
        .Role("sampleClerk", Label.Of("Agent du module Sample", "Sample clerk"), grant => grant.All(Sensitivity.Internal, Request.Type).All(Request.Follows))
        .Permissions(ask => ask.Endpoint("open"));

    public override void Attach(Hooks hooks, PluginContext context)
    {
        hooks.Saving(Request.Type).Add(Request.Number);
        hooks.Endpoints.Add(new Endpoint("open", OpenRequests.Answer));
    }
}
