using System.CommandLine;
using System.Text.Json.Nodes;
using Xrm.Host.Settings;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary><c>xrm settings</c>: each setting with its value, where that comes from, and what it means.</summary>
internal static class SettingsCommand
{
    public static void Add(RootCommand root, Given given)
    {
        var t = given.Terminal;
        var command = new Command("settings", t.Pick("Les réglages : valeur, origine, sens.", "The settings: value, source, meaning.")) { given.Json };
        command.SetAction(parsed =>
        {
            var sources = given.Sources(parsed);
            var values = sources.Resolve();
            if (given.IsJson(parsed))
                t.Print(new JsonObject { ["settings"] = new JsonArray([.. values.Select(v => (JsonNode)Json(v, t))]) });
            else
                foreach (var value in values)
                    t.Out.WriteLine($"{value.Setting.Name} = {Shown(value)}\n  {value.Source.In(t.Language)} · {value.Setting.Meaning.In(t.Language)}");
            foreach (var name in sources.Unknown())
                t.Tell(Label.Of($"{name} n'est pas un réglage : faute de frappe ?", $"{name} is no setting: misspelt?"));
            // Told after they were shown: the list helps to find what is wrong.
            HostSettings.Read(sources);
            return Terminal.Done;
        });
        root.Subcommands.Add(command);
    }

    private static JsonObject Json(SettingValue value, Terminal terminal) => new()
    {
        ["name"] = value.Setting.Name,
        ["value"] = Shown(value),
        ["source"] = value.Source.In(terminal.Language),
        ["meaning"] = value.Setting.Meaning.In(terminal.Language),
        ["option"] = value.Setting.Option,
    };

    private static string Shown(SettingValue value) => value.Setting.IsSecret && value.Value.Length > 0 ? "••••" : value.Value;
}
