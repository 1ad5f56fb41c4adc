using GraphQL.Types;
using Xrm.Core.Administration;
using static Xrm.GraphQL.Schemas.SchemaFields;

namespace Xrm.GraphQL.Schemas;

/// <summary>What administrators do with plugins and custom fields: fields of the roots.</summary>
/// <param name="administration">Null where plugins cannot be changed: custom fields can all the same.</param>
internal sealed class AdministrationTypes(SchemaParts parts, FactTypes facts, IPluginAdministration? administration)
{
    private readonly PlanTypes _plans = new(parts, facts);

    public void AddQueries(ObjectGraphType query)
    {
        if (administration is not null)
            query.Add("plugins", _plans.Plugin.NonNullList(), "Les modules, pour les administrateurs ; vide pour les autres. / The plugins, for administrators; empty for others.", new Meaning.Plugins(administration));
    }

    public void AddMutations(ObjectGraphType root)
    {
        if (administration is not null)
        {
            root.Add("planPlugin", _plans.PluginPlan.NonNull(), "Dit ce qui serait fait, et ne fait rien. / Says what would be done, and does nothing.",
                new Meaning.ChangePlugin(null), [Action(_plans.Action, nameof(PluginAction.Install)), .. Package, .. Choice]);
            Add(PluginAction.Install, "Installe un module. / Installs a plugin.", Package);
            Add(PluginAction.Update, "Met un module à jour. / Updates a plugin.", Package);
            Add(PluginAction.Enable, "Remet un module en service. / Puts a plugin in service again.", [Id]);
            Add(PluginAction.Disable, "Met un module hors service, ses données gardées. / Takes a plugin out of service, its data kept.", [Id]);
            Add(PluginAction.Remove, "Retire un module, ses données gardées. / Takes a plugin away, its data kept.", [Id]);
            Add(PluginAction.Restore, "Revient à la version d'avant la mise à jour. / Goes back to the version before the update.", [Id]);
        }
        var input = Argument("input", FieldInput.NonNull());
        root.Add("planCustomField", _plans.FieldPlan.NonNull(), "Dit ce qui serait fait, et ne fait rien. / Says what would be done, and does nothing.",
            new Meaning.ChangeField(null), [Action(_plans.FieldAction, nameof(CustomFieldAction.Add)), input]);
        root.Add("addCustomField", _plans.FieldPayload.NonNull(), "Ajoute un champ, ou le fait revenir avec ses données. / Adds a field, or brings it back with its data.",
            new Meaning.ChangeField(CustomFieldAction.Add), [input, Plan]);
        root.Add("relabelCustomField", _plans.FieldPayload.NonNull(), "Change libellé, aide et sensibilité ; ce qui manque reste. / Changes label, help and sensitivity; what is left out stays.",
            new Meaning.ChangeField(CustomFieldAction.Relabel), [input, Plan]);
        root.Add("retireCustomField", _plans.FieldPayload.NonNull(), "Retire un champ, ses données gardées. / Takes a field out of service, its data kept.",
            new Meaning.ChangeField(CustomFieldAction.Retire), [Argument("type", parts.Scalars.Text.NonNull()), Argument("name", parts.Scalars.Text.NonNull()), Plan]);

        void Add(PluginAction action, string description, IEnumerable<QueryArgument> of) => root.Add(
            Names.Camel(action.ToString()) + "Plugin", _plans.PluginPayload.NonNull(), description, new Meaning.ChangePlugin(action), [.. of, .. Choice, Plan]);
    }

    private QueryArgument Id => Argument("id", parts.Scalars.Text, "L'identifiant du module. / The plugin's id.");

    private QueryArgument Plan => Argument("plan", parts.Scalars.Text, "L'empreinte du plan lu : s'il n'est plus ce qui serait fait, c'est refusé. / The hash of the plan that was read: when it is no longer what would be done, it is refused.");

    private IEnumerable<QueryArgument> Package =>
    [
        Id,
        Argument("package", parts.Scalars.Text, "SHA-256 d'un paquet envoyé par POST /plugins. / SHA-256 of a package sent by POST /plugins."),
        Argument("content", parts.Scalars.Text, "Le paquet lui-même, en base 64, s'il est petit. / The package itself in base 64, if it is small."),
    ];

    private IEnumerable<QueryArgument> Choice =>
    [
        Argument("trustOnce", parts.Scalars.Boolean, "Accepter cette fois un paquet auquel nul ne fait confiance. / Take a package that nobody trusts, this once."),
        Argument("cascade", parts.Scalars.Boolean, "Mettre aussi hors service les modules qui l'exigent. / Take plugins that require it out of service too."),
    ];

    private static QueryArgument Action(EnumerationGraphType type, string standard) =>
        new(type.NonNull()) { Name = "action", DefaultValue = Names.Upper(standard) };

    private InputObjectGraphType FieldInput => parts.Once("CustomFieldInput", () => new InputObjectGraphType
    {
        Name = parts.Claim("CustomFieldInput"),
        Description = "Un champ personnalisé ; son nom sans le x_ qu'il a dans le modèle. / A custom field; its name without the x_ that it has in the model.",
    }, input =>
    {
        var (text, flag, json) = (parts.Scalars.Text, parts.Scalars.Boolean, parts.Scalars.Json);
        foreach (var (name, type) in ((string, IGraphType)[])
            [
                ("type", text.NonNull()), ("name", text.NonNull()), ("fieldType", text), ("labelFr", text), ("labelEn", text), ("helpFr", text), ("helpEn", text),
                ("many", flag), ("required", flag), ("unique", flag), ("searchable", flag), ("sensitivity", facts.Sensitivity), ("maxLength", parts.Scalars.Integer),
                ("options", OptionInput.NonNull().ListOf()), ("codeList", text), ("default", json), ("min", json), ("max", json), ("pattern", text),
            ])
            input.Add(name, type);
    });

    private InputObjectGraphType OptionInput => parts.Once("CustomOptionInput", () => new InputObjectGraphType { Name = parts.Claim("CustomOptionInput") }, option =>
    {
        option.Add("name", parts.Scalars.Text.NonNull(), "EN_MAJUSCULES / UPPER_SNAKE");
        option.Add("labelFr", parts.Scalars.Text.NonNull());
        option.Add("labelEn", parts.Scalars.Text.NonNull());
    });
}
