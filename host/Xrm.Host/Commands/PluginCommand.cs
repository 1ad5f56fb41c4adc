using System.CommandLine;
using Xrm.Host.Operations;

namespace Xrm.Host.Commands;

/// <summary><c>xrm plugin list</c>: which plugins there are, and why one does not run.</summary>
internal static class PluginCommand
{
    public static void Add(RootCommand root, Given given)
    {
        var t = given.Terminal;
        var list = new Command("list", t.Pick("Les modules, leur état, et les formats d'import.", "The plugins, their state, and the import formats.")) { given.Json };
        list.SetAction(async (parsed, _) =>
        {
            var result = await Operators.Run(given, parsed, "plugin-list", []);
            if (given.IsJson(parsed))
            {
                t.Print(result);
                return Terminal.Done;
            }
            foreach (var plugin in result["plugins"]!.AsArray())
            {
                var state = plugin!["state"]!.GetValue<string>() switch
                {
                    "running" => t.Pick("en service", "running"),
                    "refused" => t.Pick("refusé", "refused"),
                    _ => t.Pick("disponible", "available"),
                };
                t.Out.WriteLine($"{plugin["id"]} {plugin["version"]}  {Wire.Label(plugin["title"]).In(t.Language)}  {state}");
                foreach (var reason in plugin["reasons"]!.AsArray())
                    t.Out.WriteLine("  " + Wire.Label(reason).In(t.Language));
            }
            foreach (var format in result["imports"]!.AsArray())
            {
                t.Out.WriteLine($"import {format!["name"]}  {Wire.Label(format["label"]).In(t.Language)}");
                foreach (var (name, meaning) in format["options"]!.AsObject())
                    t.Out.WriteLine($"  --{name}  {Wire.Label(meaning).In(t.Language)}");
            }
            return Terminal.Done;
        });
        root.Subcommands.Add(new Command("plugin", t.Pick("Les modules.", "The plugins.")) { list });
    }
}
