using System.Text.RegularExpressions;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>How names may look, which ones the core keeps for itself, and which names of the schema come from which name of the model.</summary>
internal static partial class ModelNames
{
    /// <summary>Names of schema types that are the core's own.</summary>
    private static readonly string[] CoreTypes =
    [
        "Query", "Mutation", "Subscription", "Node", "Entity", "Relationship", "Change", "ChangeKind", "ChangeConnection", "ChangeEdge", "Commit", "CommitInput",
        "CommitPayload", "DeletePayload", "EditInput", "Period", "PageInfo", "Model", "Actor", "SearchConnection", "SearchEdge", "SearchHit", "OnConflict",
        "SortDirection", "TextFilter", "IntFilter", "DecimalFilter", "DateFilter", "DateTimeFilter", "DurationFilter", "BooleanFilter", "IdFilter", "JsonFilter",
        "String", "Int", "Float", "Boolean", "ID", "Date", "DateTime", "Decimal", "Money", "Duration", "Json", "Long", "Sums",
        "Plugin", "PluginAction", "PluginCondition", "PluginPlan", "PluginPayload", "PluginPermissions", "PluginEndpoint", "PluginSchedule", "PluginMigration",
        "PluginPersonalData", "PlanLine", "PlanKind", "PlanPart", "PlanRefusal", "CustomFieldAction", "CustomFieldInput", "CustomOptionInput", "CustomFieldPlan",
        "CustomFieldPayload",
    ];
    private static readonly string[] CoreQueries = ["node", "nodes", "search", "changes", "model", "me", "plugins"];
    private static readonly string[] CoreMutations =
    [
        "commit", "planPlugin", "installPlugin", "updatePlugin", "enablePlugin", "disablePlugin", "removePlugin", "restorePlugin",
        "planCustomField", "addCustomField", "relabelCustomField", "retireCustomField",
    ];
    /// <summary>What every thing has of itself, in answers, filters or groups.</summary>
    private static readonly string[] CoreFields =
        ["id", "version", "createdAt", "updatedAt", "displayName", "history", "validFrom", "validTo", "and", "or", "not", "count", "sum", "min", "max", "avg"];
    /// <summary>What an edge of a relationship has besides.</summary>
    private static readonly string[] CoreLinkFields = ["node", "cursor", "source", "target", "at", "during"];

    public static bool IsPlugin(string name) => Plugin().IsMatch(name);

    public static bool IsPascal(string name) => Pascal().IsMatch(name);

    public static bool IsCamel(string name) => Camel().IsMatch(name);

    public static bool IsUpperSnake(string name) => UpperSnake().IsMatch(name);

    public static bool IsReservedField(string name, bool ofRelationship) => CoreFields.Contains(name) || ofRelationship && CoreLinkFields.Contains(name);

    /// <summary>What a plugin's own field of GraphQL is called in the schema; no name of the model is the same but for those of the plugin's own fields on others' types.</summary>
    public static string OfPlugin(string plugin, string name) => $"{plugin.Replace('-', '_')}_{name}";

    /// <summary>Given by the type, else <c>+s</c>, <c>-y</c> to <c>-ies</c>.</summary>
    public static string Plural(EntityTypeDescription type)
    {
        if (type.Plural is not null)
            return type.Plural;
        var name = LowerFirst(type.Name);
        return name.EndsWith('y') && name.Length > 1 && !"aeiou".Contains(name[^2]) ? name[..^1] + "ies" : name + "s";
    }

    public static Label PluralLabel(EntityTypeDescription type) => type.PluralLabel ?? Label.Of(type.Label.Fr + "s", type.Label.En + "s");

    public static string LowerFirst(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name[1..];

    public static string UpperFirst(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    /// <summary>Tells two names of the generated schema that are the same.</summary>
    public static void TellClashes(CompiledModel model, ModelFaults faults)
    {
        var types = Start(CoreTypes);
        var queries = Start(CoreQueries);
        var mutations = Start(CoreMutations);
        foreach (var type in model.Types)
        {
            foreach (var name in (string[])["Connection", "Edge", "Filter", "Sort", "Group", "GroupField", "Payload"])
                Take(types, type.Name + name, type.Plugin, type.Name, faults);
            Take(types, type.Name, type.Plugin, type.Name, faults);
            Take(types, $"Create{type.Name}Input", type.Plugin, type.Name, faults);
            Take(types, $"Update{type.Name}Input", type.Plugin, type.Name, faults);
            Take(queries, LowerFirst(type.Name), type.Plugin, type.Name, faults);
            Take(queries, type.Plural, type.Plugin, type.Name, faults);
            foreach (var key in type.Keys)
                Take(queries, $"{LowerFirst(type.Name)}By{key.Name}", type.Plugin, type.Name, faults);
            foreach (var verb in (string[])["create", "update", "delete"])
                Take(mutations, verb + type.Name, type.Plugin, type.Name, faults);
            foreach (var field in type.Fields)
            {
                foreach (var move in field.Description.Type.Moves)
                    Take(mutations, move.Name + type.Name, field.Plugin, $"{type.Name}.{field.Name}", faults);
                Enums(field);
            }
            foreach (var end in type.Ends)
                foreach (var name in (string[])["Connection", "Edge"])
                    Take(types, type.Name + UpperFirst(end.Name) + name, end.Relationship.Plugin, $"{type.Name}.{end.Name}", faults);
        }
        foreach (var relationship in model.Relationships)
        {
            Take(types, relationship.Name, relationship.Plugin, relationship.Name, faults);
            Take(types, relationship.Name + "Payload", relationship.Plugin, relationship.Name, faults);
            foreach (var verb in (string[])["create", "update", "end", "delete"])
                Take(mutations, verb + relationship.Name, relationship.Plugin, relationship.Name, faults);
            foreach (var field in relationship.Fields)
                Enums(field);
        }

        void Enums(ModelField field)
        {
            if (field.Description.Type.Options.IsEmpty)
                return;
            var name = field.Owner.Name + UpperFirst(field.Name);
            Take(types, name, field.Plugin, field.ToString(), faults);
            Take(types, name + "Filter", field.Plugin, field.ToString(), faults);
        }
    }

    private static Dictionary<string, string> Start(string[] core) => core.ToDictionary(n => n, _ => "core", StringComparer.Ordinal);

    private static void Take(Dictionary<string, string> taken, string name, string plugin, string where, ModelFaults faults)
    {
        if (!taken.TryAdd(name, where))
            faults.Add(plugin, where, "clash", $"le nom {name} du schéma est déjà pris par {taken[name]}.", $"the name {name} of the schema is already taken by {taken[name]}.");
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Plugin();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pascal();

    [GeneratedRegex("^[a-z][A-Za-z0-9]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Camel();

    [GeneratedRegex("^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex UpperSnake();
}
