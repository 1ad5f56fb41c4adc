using Xrm.Core;
using Xrm.Core.Administration;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Plans;
using Xrm.GraphQL.Schemas;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Runs what administrators ask about plugins and custom fields. The payloads are facts, so that it does not matter which model is in force once they are written.</summary>
internal sealed class AdministrationRun(Run run, Engine engine, Actor actor, GraphQLOptions options, CancellationToken cancellation)
{
    /// <exception cref="Problem">Forbidden: the actor is no administrator. Else why it is refused.</exception>
    public async ValueTask Write(RootPlan root)
    {
        // Told before anything of the request is looked at: whether a package is there is not for everybody.
        if (!actor.IsAdministrator)
            throw new Problem(ProblemCode.Forbidden, Label.Of("Seul un administrateur change les modules et les champs personnalisés.", "Only an administrator changes plugins and custom fields."), rule: "administrator");
        object fact = root.Meaning switch
        {
            Meaning.ChangePlugin { Action: { } action } => await options.Administration!.Apply(Request(root, action), actor, cancellation),
            Meaning.ChangePlugin => await options.Administration!.Plan(Request(root, Asked(root, PluginAction.Install)), actor, cancellation),
            Meaning.ChangeField { Action: { } action } => await Change(root, action),
            _ => await Plan(root),
        };
        using var reader = engine.Read(actor);
        new FactWriter(run.Buffer, new(reader)).Write(fact, root.Facts!);
    }

    private PluginRequest Request(RootPlan root, PluginAction action)
    {
        var (id, hash, content) = (Text(root, "id"), Text(root, "package"), Text(root, "content"));
        var faults = new List<Fault>();
        var takesPackage = action is PluginAction.Install or PluginAction.Update;
        if (hash is not null && content is not null)
            Fault("content", "package", "Donner « package » ou « content », pas les deux.", "Give either \"package\" or \"content\", not both.");
        if (!takesPackage && (hash ?? content) is not null)
            Fault(hash is null ? "content" : "package", "package", "Un paquet ne se donne que pour installer ou mettre à jour.", "A package is given only to install or to update.");
        if (id is null && !(takesPackage && (hash ?? content) is not null))
            Fault("id", "required", "L'identifiant du module est obligatoire.", "The plugin's id is required.");
        ReadOnlyMemory<byte>? package = null;
        // Null that came by way of an array is an empty memory; no package is empty.
        if (hash is not null && (package = options.Packages?.Invoke(hash.ToLowerInvariant())) is not { IsEmpty: false })
            faults.Add(new(ProblemCode.NotFound, Label.Of("Aucun paquet de cette empreinte n'a été envoyé (POST /plugins).", "No package with this hash was sent (POST /plugins)."), "package", "package"));
        if (content is not null)
        {
            var bytes = new byte[content.Length];
            if (Convert.TryFromBase64String(content, bytes, out var length))
                package = bytes.AsMemory(0, length);
            else
                Fault("content", "base64", "Ce n'est pas de la base 64.", "This is not base 64.");
        }
        if (faults.Count > 0)
            throw new Problem(faults);
        return new(action, id)
        {
            Package = package,
            PackageName = hash ?? "",
            // This request began on what is in force now, and holds it until it is answered.
            AwaitsUnload = false,
            TrustOnce = Value(root, "trustOnce") is true,
            Cascade = Value(root, "cascade") is true,
            Plan = Text(root, "plan"),
        };

        void Fault(string field, string rule, string fr, string en) => faults.Add(new(ProblemCode.Invalid, Label.Of(fr, en), field, rule));
    }

    private async ValueTask<CustomFieldPlan> Plan(RootPlan root)
    {
        var (request, faults) = Read(root, Asked(root, CustomFieldAction.Add));
        var plan = await new CustomFields(engine).Plan(request, actor, cancellation);
        return faults.Count == 0 ? plan : plan with { Refusals = [.. faults, .. plan.Refusals] };
    }

    private async ValueTask<CustomFieldPlan> Change(RootPlan root, CustomFieldAction action)
    {
        var (request, faults) = Read(root, action);
        var fields = new CustomFields(engine);
        if (faults.Count == 0)
            return await fields.Apply(request with { Plan = Text(root, "plan") }, actor, cancellation);
        throw new Problem([.. faults, .. (await fields.Plan(request, actor, cancellation)).Refusals]);
    }

    private (CustomFieldRequest Request, List<Fault> Faults) Read(RootPlan root, CustomFieldAction action) =>
        Value(root, "input") is InputObject input
            ? new CustomFieldReader(engine.Model, input).Read(action)
            : (new(action, Text(root, "type")!, Text(root, "name")!), []);

    private T Asked<T>(RootPlan root, T standard) where T : struct, Enum =>
        Text(root, "action") is { } asked ? Enum.GetValues<T>().First(a => Names.Upper(a.ToString()) == asked) : standard;

    private string? Text(RootPlan root, string name) => Value(root, name) as string;

    private object? Value(RootPlan root, string name) => root.Arguments.Get(name, run.Variables);
}
