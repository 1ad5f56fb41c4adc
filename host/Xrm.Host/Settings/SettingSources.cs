using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.Host.Settings;

/// <summary>Where settings come from; later ones win: default, appsettings.json beside the program, the one in the folder the command is given in, environment, command line.</summary>
/// <param name="Folder">The folder the command is given in.</param>
/// <param name="Environment">Environment variables.</param>
/// <param name="Options">What the command line said, by the setting's name.</param>
internal sealed record SettingSources(string Folder, ImmutableDictionary<string, string> Environment, ImmutableDictionary<string, string> Options)
{
    /// <summary>The source of a value that nobody said.</summary>
    public static readonly Label Default = Label.Of("défaut", "default");

    private const string PluginPrefix = "XRM_PLUGIN_";

    /// <summary>Those of this process.</summary>
    public static SettingSources OfProcess(ImmutableDictionary<string, string> options)
    {
        var environment = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry pair in System.Environment.GetEnvironmentVariables())
            if (pair.Key is string name && pair.Value is string value && name.StartsWith("XRM_", StringComparison.Ordinal))
                environment[name] = value;
        return new(Directory.GetCurrentDirectory(), environment.ToImmutable(), options);
    }

    /// <summary>The value of each setting. An empty text counts as not said.</summary>
    /// <exception cref="Problem">Invalid: an appsettings.json that is not JSON.</exception>
    public ImmutableArray<SettingValue> Resolve()
    {
        var files = Files().ToArray();
        return [.. Setting.All.Select(setting => Resolve(setting, files))];
    }

    /// <summary>The value of one.</summary>
    /// <exception cref="Problem">Invalid: an appsettings.json that is not JSON.</exception>
    public SettingValue Resolve(Setting setting) => Resolve(setting, Files().ToArray());

    /// <summary>The settings of plugins, by plugin id and then by name, lower case: <c>XRM_PLUGIN_ELUS_COLOUR</c> or <c>Xrm:Plugin:elus:colour</c>.</summary>
    public ImmutableDictionary<string, ImmutableDictionary<string, string>> Plugins()
    {
        var found = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (_, xrm) in Files())
            if (Child(xrm, "PLUGIN") is { ValueKind: JsonValueKind.Object } plugins)
                foreach (var plugin in plugins.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object))
                    foreach (var value in plugin.Value.EnumerateObject())
                        Put(plugin.Name, value.Name, value.Value.ToString());
        foreach (var (name, value) in Environment.Where(pair => pair.Key.StartsWith(PluginPrefix, StringComparison.Ordinal)))
        {
            var rest = name[PluginPrefix.Length..];
            var end = rest.IndexOf('_', StringComparison.Ordinal);
            if (end > 0)
                Put(rest[..end], rest[(end + 1)..], value);
        }
        return found.ToImmutableDictionary(p => p.Key, p => p.Value.ToImmutableDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

        void Put(string plugin, string name, string value)
        {
            var id = plugin.ToLowerInvariant();
            if (!found.TryGetValue(id, out var settings))
                found[id] = settings = new(StringComparer.Ordinal);
            settings[name.ToLowerInvariant()] = value;
        }
    }

    /// <summary>Variables that look like settings and are none: most likely misspelt.</summary>
    public IEnumerable<string> Unknown() => Environment.Keys
        .Where(name => !name.StartsWith(PluginPrefix, StringComparison.Ordinal) && Setting.All.All(s => s.Name != name))
        .Order(StringComparer.Ordinal);

    private SettingValue Resolve(Setting setting, (string Path, JsonElement Xrm)[] files)
    {
        if (Options.TryGetValue(setting.Name, out var option) && option.Length > 0)
            return new(setting, option, Label.Of($"ligne de commande ({setting.Option})", $"command line ({setting.Option})"));
        if (Environment.TryGetValue(setting.Name, out var variable) && variable.Length > 0)
            return new(setting, variable, Label.Of("environnement", "environment"));
        foreach (var (path, xrm) in files.Reverse())
            if (Child(xrm, setting.Key) is { } value && Text(value) is { Length: > 0 } text)
                return new(setting, text, Label.Of(path, path));
        return new(setting, setting.Default, Default);
    }

    private IEnumerable<(string Path, JsonElement Xrm)> Files()
    {
        string[] folders = [AppContext.BaseDirectory, Folder];
        foreach (var path in folders.Select(f => Path.GetFullPath(Path.Combine(f, "appsettings.json"))).Distinct(StringComparer.Ordinal).Where(File.Exists))
        {
            JsonElement root;
            try
            {
                using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
                root = document.RootElement.Clone();
            }
            catch (JsonException e)
            {
                throw new Problem(ProblemCode.Invalid, Label.Of(
                    $"{path}, ligne {e.LineNumber + 1} : ce n'est pas du JSON lisible. Corrigez le fichier ou retirez-le.",
                    $"{path}, line {e.LineNumber + 1}: this is not readable JSON. Correct the file or take it away."));
            }
            if (Child(root, "XRM") is { ValueKind: JsonValueKind.Object } xrm)
                yield return (path, xrm);
        }
    }

    private static JsonElement? Child(JsonElement parent, string key)
    {
        if (parent.ValueKind == JsonValueKind.Object)
            foreach (var member in parent.EnumerateObject())
                if (string.Equals(member.Name, key, StringComparison.OrdinalIgnoreCase))
                    return member.Value;
        return null;
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(v => v.ToString())),
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        JsonValueKind.Null => "",
        _ => value.ToString(),
    };
}
