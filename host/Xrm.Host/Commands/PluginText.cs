using System.Text.Json.Nodes;
using Xrm.Host.Operations;

namespace Xrm.Host.Commands;

/// <summary>Plugins and file formats as people read them.</summary>
internal sealed class PluginText(Terminal terminal)
{
    /// <summary>What there is, and why what does not run does not.</summary>
    public void List(JsonObject result)
    {
        foreach (var plugin in result["plugins"]!.AsArray())
            Status(plugin!);
        Formats("import", result["imports"]!.AsArray());
        Formats("export", result["exports"]!.AsArray());
    }

    /// <summary>One plugin: a line, and the reasons below it.</summary>
    public void Status(JsonNode status)
    {
        terminal.Out.WriteLine($"{string.Join(' ', new[] { status["id"], status["version"] }.OfType<JsonNode>())}  {In(status["title"])}  {State(status["state"]!.GetValue<string>())}");
        foreach (var reason in status["reasons"]!.AsArray())
            terminal.Out.WriteLine("  " + In(reason));
        if (status["restorable"] is { } version)
            terminal.Out.WriteLine(terminal.Pick($"  peut revenir à {version} (xrm plugin restore)", $"  can go back to {version} (xrm plugin restore)"));
        if (status["held"] is { } held)
            terminal.Out.WriteLine(terminal.Pick("  code d'avant encore en mémoire : ", "  earlier code still in memory: ") + In(held));
    }

    /// <summary>How a plugin stands, in a word or two.</summary>
    public string State(string state) => state switch
    {
        "running" => terminal.Pick("en service", "running"),
        "disabled" => terminal.Pick("arrêté", "disabled"),
        "refused" => terminal.Pick("refusé", "refused"),
        "left" => terminal.Pick("parti, mais encore en mémoire", "gone, but still in memory"),
        "switchedOff" => terminal.Pick("coupé après des échecs", "switched off after failures"),
        _ => terminal.Pick("disponible", "available"),
    };

    private void Formats(string way, JsonArray formats)
    {
        foreach (var format in formats)
        {
            terminal.Out.WriteLine($"{way} {format!["name"]}  {In(format["label"])}");
            foreach (var (name, meaning) in format["options"]!.AsObject())
                terminal.Out.WriteLine($"  --{name}  {In(meaning)}");
        }
    }

    private string In(JsonNode? label) => Wire.Label(label).In(terminal.Language);
}
