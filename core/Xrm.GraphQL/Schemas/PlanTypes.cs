using GraphQL.Types;
using Xrm.Core.Administration;
using Xrm.Sdk;

namespace Xrm.GraphQL.Schemas;

/// <summary>Plans and states of plugins and custom fields, as facts.</summary>
internal sealed class PlanTypes(SchemaParts parts, FactTypes facts)
{
    public EnumerationGraphType Action => Enum<PluginAction>("PluginAction", "Ce qu'on fait d'un module", "What is done with a plugin");

    public EnumerationGraphType FieldAction => Enum<CustomFieldAction>("CustomFieldAction", "Ce qu'on fait d'un champ personnalisé", "What is done with a custom field");

    public ObjectGraphType Plugin => facts.Object<PluginStatus>("Plugin", "Un module, installé ou non. / A plugin, installed or not.", plugin => plugin
        .Add("id", Text.NonNull(), p => p.Id)
        .Add("version", Text, p => p.Version?.ToString())
        .Add("title", Label, p => p.Title)
        .Add("condition", Enum<PluginCondition>("PluginCondition", "L'état d'un module", "How a plugin stands").NonNull(), p => Names.Upper(p.Condition.ToString()))
        .Add("reasons", facts.Label.NonNullList(), p => p.Reasons)
        .Add("permissions", Permissions.NonNull(), p => p.Permissions)
        .Add("restorable", Text, p => p.Restorable?.ToString())
        .Add("held", facts.Label, p => p.Held));

    public ObjectGraphType PluginPlan => facts.Object<PluginPlan>("PluginPlan", "Ce que ferait une action sur un module ; rien n'est fait. / What doing something with a plugin would do; nothing is done.", plan => plan
        .Add("hash", Text.NonNull(), p => p.Hash)
        .Add("action", Action.NonNull(), p => Names.Upper(p.Action.ToString()))
        .Add("id", Text.NonNull(), p => p.Id)
        .Add("title", Label, p => p.Title)
        .Add("description", Label, p => p.Description)
        .Add("from", Text, p => p.From?.ToString())
        .Add("to", Text, p => p.To?.ToString())
        .Add("sha256", Text, p => p.Sha256)
        .Add("trustedBy", Text, p => p.TrustedBy)
        .Add("lines", Line.NonNullList(), p => p.Lines)
        .Add("permissions", Permissions.NonNull(), p => p.Permissions)
        .Add("newPermissions", Permissions.NonNull(), p => p.NewPermissions)
        .Add("personalData", facts.Object<PersonalDataDescription>("PluginPersonalData", "Des données sur des personnes, et pourquoi. / Data about persons, and why.", data => data
            .Add("type", Text.NonNull(), d => d.Type)
            .Add("purpose", Label, d => d.Purpose)
            .Add("subject", Text, d => d.Subject)
            .Add("keepDays", parts.Scalars.Integer, d => d.KeepDays)).NonNullList(), p => p.PersonalData)
        .Add("migrations", facts.Object<MigrationSummary>("PluginMigration", "Ce que deviennent des données. / What becomes of data.", migration => migration
            .Add("to", Text.NonNull(), m => m.To.ToString())
            .Add("type", Text.NonNull(), m => m.Type)
            .Add("what", Label, m => m.What)).NonNullList(), p => p.Migrations)
        .Add("affected", Text.NonNullList(), p => p.Affected)
        .Add("refusals", Refusal.NonNullList(), p => p.Refusals)
        .Add("isDestructive", Flag, p => p.IsDestructive)
        .Add("isRefused", Flag, p => p.IsRefused));

    public ObjectGraphType PluginPayload => facts.Object<PluginOutcome>("PluginPayload", null, payload => payload
        .Add("plan", PluginPlan.NonNull(), o => o.Plan)
        .Add("plugin", Plugin, o => o.Status)
        .Add("remarks", facts.Label.NonNullList(), o => o.Remarks)
        .Add("isUnloaded", parts.Scalars.Boolean, o => o.IsUnloaded)
        .Add("held", facts.Label, o => o.Held));

    public ObjectGraphType FieldPlan => facts.Object<CustomFieldPlan>("CustomFieldPlan", "Ce que ferait une action sur un champ personnalisé ; rien n'est fait. / What doing something with a custom field would do; nothing is done.", plan => plan
        .Add("hash", Text.NonNull(), p => p.Hash)
        .Add("lines", Line.NonNullList(), p => p.Lines)
        .Add("refusals", Refusal.NonNullList(), p => p.Refusals)
        .Add("isDestructive", Flag, p => p.Lines.Any(l => l.IsDestructive))
        .Add("isRefused", Flag, p => !p.Refusals.IsEmpty));

    public ObjectGraphType FieldPayload => facts.Object<CustomFieldPlan>("CustomFieldPayload", null, payload => payload
        .Add("plan", FieldPlan.NonNull(), p => p));

    private ObjectGraphType Line => facts.Object<PlanLine>("PlanLine", "Ce que devient une partie du modèle. / What becomes of a part of the model.", line => line
        .Add("kind", Enum<PlanKind>("PlanKind", "Ce que devient une partie du modèle", "What becomes of a part of the model").NonNull(), l => Names.Upper(l.Kind.ToString()))
        .Add("part", Enum<PlanPart>("PlanPart", "La nature d'une partie du modèle", "The kind of a part of the model").NonNull(), l => Names.Upper(l.Part.ToString()))
        .Add("name", Text.NonNull(), l => l.Name)
        .Add("plugin", Text.NonNull(), l => l.Plugin)
        .Add("label", Label, l => l.Label)
        .Add("isDestructive", Flag, l => l.IsDestructive)
        .Add("count", parts.Scalars.Integer, l => l.Count)
        .Add("remark", facts.Label, l => l.Remark));

    private ObjectGraphType Refusal => facts.Object<Fault>("PlanRefusal", "Une raison de refuser. / A reason to refuse.", refusal => refusal
        .Add("code", Text.NonNull(), f => Names.Upper(f.Code.ToString()))
        .Add("message", Label, f => f.Message)
        .Add("field", Text, f => f.Field)
        .Add("rule", Text, f => f.Rule));

    private ObjectGraphType Permissions => facts.Object<PluginPermissions>("PluginPermissions", "Ce qu'un module demande. / What a plugin asks to be allowed.", permissions => permissions
        .Add("reads", Text.NonNullList(), p => p.Reads)
        .Add("writes", Text.NonNullList(), p => p.Writes)
        .Add("endpoints", facts.Object<EndpointPermission>("PluginEndpoint", null, endpoint => endpoint
            .Add("path", Text.NonNull(), e => e.Path)
            .Add("isPublic", Flag, e => e.IsPublic)).NonNullList(), p => p.Endpoints)
        .Add("hosts", Text.NonNullList(), p => p.Hosts)
        .Add("schedules", facts.Object<SchedulePermission>("PluginSchedule", null, schedule => schedule
            .Add("name", Text.NonNull(), s => s.Name)
            .Add("every", parts.Scalars.Duration.NonNull(), s => s.Every)).NonNullList(), p => p.Schedules));

    private IGraphType Text => parts.Scalars.Text;

    private IGraphType Flag => parts.Scalars.Boolean.NonNull();

    private IGraphType Label => facts.Label.NonNull();

    private EnumerationGraphType Enum<T>(string name, string fr, string en) where T : struct, Enum =>
        parts.Once(name, () => parts.Enum(name, Xrm.Sdk.Label.Of(fr, en), [.. System.Enum.GetNames<T>().Select(Names.Upper)]));
}
