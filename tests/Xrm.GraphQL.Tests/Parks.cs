using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests;

/// <summary>A plugin beside the town: computed fields on its persons, and benches of its own.</summary>
internal static class Parks
{
    private static readonly TypeExtension OnPerson = Town.Person.ExtendedBy("parks");
    /// <summary>How many steps a person takes.</summary>
    public static readonly Field<int> Steps = OnPerson.Integer("steps", Label.Of("Pas", "Steps")).Computed();
    public static readonly Field<string> Mood = OnPerson.Text("mood", Label.Of("Humeur", "Mood")).Sensitive(Sensitivity.Special).Computed();
    public static readonly Field<ImmutableArray<DateOnly>> Walks = OnPerson.Date("walks", Label.Of("Promenades", "Walks")).Many().Computed();
    public static readonly EntityType Bench = EntityType.Named("Bench", Label.Of("Banc", "Bench")).Plural("benches", Label.Of("Bancs", "Benches"));
    public static readonly Field<string> Wood = Bench.Text("wood", Label.Of("Bois", "Wood"));
    public static readonly Field<Town.Kind> Size = Bench.Choice<Town.Kind>("size", Label.Of("Taille", "Size"), (Town.Kind.Commune, Label.Of("Petit", "Small"))).Computed();

    public static ModelDescription Description { get; } = new ModelBuilder("parks").Add(Bench).Extend(OnPerson).Build();

    /// <summary>The filled town with the plugin in its model; what it does is for the test to say.</summary>
    public static async Task<(TownServer Server, Attachment Plugin)> Open(Action<Hooks> add, GraphQLLimits? limits = null, PluginPermissions? granted = null)
    {
        var server = await TownServer.Filled(limits);
        await server.Engine.ChangeModel([Town.Description, Description], Actor.System, TestContext.Current.CancellationToken);
        return (server, Attach(server, add, granted: granted));
    }

    public static Attachment Attach(TownServer server, Action<Hooks> add, string plugin = "parks", PluginPermissions? granted = null) => Attach(server, add, out _, plugin, granted);

    public static Attachment Attach(TownServer server, Action<Hooks> add, out IDisposable attached, string plugin = "parks", PluginPermissions? granted = null)
    {
        var hooks = new Hooks();
        add(hooks);
        var attachment = new Attachment(plugin, hooks) { Granted = granted };
        attached = server.Engine.Attach(attachment);
        return attachment;
    }

    /// <summary>A field of GraphQL that answers the same for all.</summary>
    public static GraphField Field(string name, GraphResult result, Func<GraphCall, object?> answer) => new(name, Label.Of("Champ", "Field"), result, (call, _) =>
    {
        for (var i = 0; i < Math.Max(call.Entities.Length, 1); i++)
            call.Put(i, answer(call));
        return ValueTask.CompletedTask;
    });

    /// <summary>Asks and compares the whole answer.</summary>
    public static async Task Hold(this TownServer server, string query, string answer, bool asReader = false) => await new Scenario(query, answer) { AsReader = asReader }.Hold(server);

    public static async Task<JsonNode> AskFor(this TownServer server, string query) => (await server.Ask(query))["data"]!;
}
