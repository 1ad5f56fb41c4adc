using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>What a plugin may take part in: looked at when it attaches, before it comes into force.</summary>
internal sealed class AttachmentRules
{
    /// <summary>Formats of files that are the host's own.</summary>
    private static readonly string[] HostFormats = ["csv", "ndjson"];

    private readonly string _plugin;
    private readonly Hooks _hooks;
    private readonly PluginPermissions? _granted;
    private readonly CompiledModel _model;
    private readonly ModelFaults _faults = new();

    private AttachmentRules(Attachment attachment, CompiledModel model) =>
        (_plugin, _hooks, _granted, _model) = (attachment.Plugin, attachment.Hooks, attachment.Granted, model);

    /// <summary>All that is wrong with what a plugin takes part in; nothing when it may run.</summary>
    /// <param name="attachment">One without permissions is not asked for any.</param>
    /// <param name="model">The model that comes into force with it.</param>
    /// <param name="others">The other plugins that run then.</param>
    public static ImmutableArray<Fault> Check(Attachment attachment, CompiledModel model, IEnumerable<Attachment> others)
    {
        var rules = new AttachmentRules(attachment, model);
        rules.Types();
        rules.Computed();
        rules.GraphFields();
        rules.Endpoints();
        rules.Jobs();
        var running = others.Where(o => o.Plugin != attachment.Plugin).ToArray();
        rules.Formats("Imports", h => h.Imports.Handlers.Select(f => (f.Name, f.Label)), running);
        rules.Formats("Exports", h => h.Exports.Handlers.Select(f => (f.Name, f.Label)), running);
        return rules._faults.All;
    }

    private void Types()
    {
        if (_granted is null)
            return;
        foreach (var type in _hooks.SavingTypes.Except(_granted.Writes))
            _faults.Add(_plugin, $"Saving({type})", "permission", $"le module n'a pas demandé à modifier {type} (Permissions, dans Describe).", $"the plugin did not ask to write {type} (Permissions, in Describe).");
        foreach (var type in _hooks.SavedTypes.Where(t => !MayRead(t)))
            _faults.Add(_plugin, $"Saved({type})", "permission", $"le module n'a pas demandé à lire {type} (Permissions, dans Describe).", $"the plugin did not ask to read {type} (Permissions, in Describe).");
    }

    private bool MayRead(string type) => _granted is null || _granted.Reads.Contains(type) || _granted.Writes.Contains(type);

    /// <summary>Parts that wait for another plugin count as described: their fields may come at any time.</summary>
    private void Computed()
    {
        var parts = _model.Descriptions.Where(d => d.Plugin == _plugin).SelectMany(d => d.Optional.Select(o => o.Model).Prepend(d)).ToArray();
        var own = parts.SelectMany(d => d.EntityTypes.Select(t => (Type: t.Name, t.Fields)).Concat(d.Extensions.Select(e => (e.Type, e.Fields))))
            .SelectMany(t => t.Fields.Select(f => (Name: $"{t.Type}.{f.Name}", Field: f))).ToLookup(f => f.Name, f => f.Field, StringComparer.Ordinal);
        foreach (var name in _hooks.ComputedFields)
            if (!own.Contains(name))
                _faults.Add(_plugin, $"Computed({name})", "computed", "ce champ n'est pas de ce module.", "this field is not the plugin's own.");
            else if (!own[name].All(f => f.IsComputed))
                _faults.Add(_plugin, $"Computed({name})", "computed", "ce champ n'est pas décrit comme calculé (Computed, dans Describe).", "this field is not described as computed (Computed, in Describe).");
    }

    private void GraphFields()
    {
        var fields = _hooks.GraphFields.Handlers;
        foreach (var field in fields)
        {
            var where = $"GraphFields({(field.On is null ? "" : field.On.Name + ".")}{field.Name})";
            if (!ModelNames.IsCamel(field.Name))
                _faults.Add(_plugin, where, "name", $"le nom « {field.Name} » doit commencer par une minuscule et n'avoir que lettres et chiffres.", $"the name \"{field.Name}\" must be lower camel case.");
            _faults.AddLabel(_plugin, where, field.Label);
            if (field.Result is GraphResult.Value { Shape: var shape } && !Enum.IsDefined(shape))
                Shapeless(where);
            foreach (var argument in field.Arguments)
            {
                if (!ModelNames.IsCamel(argument.Name))
                    _faults.Add(_plugin, where, "name", $"le nom de l'argument « {argument.Name} » doit commencer par une minuscule et n'avoir que lettres et chiffres.", $"the argument's name \"{argument.Name}\" must be lower camel case.");
                _faults.AddLabel(_plugin, $"{where}, {argument.Name}", argument.Label);
                if (!Enum.IsDefined(argument.Shape))
                    Shapeless($"{where}, {argument.Name}");
            }
            foreach (var twice in Twice(field.Arguments.Select(a => a.Name)))
                _faults.Add(_plugin, where, "twice", $"l'argument {twice} est donné plus d'une fois.", $"the argument {twice} is given more than once.");
            if (field.On is not { } on)
                continue;
            if (!MayRead(on.Name))
                _faults.Add(_plugin, where, "permission", $"le module n'a pas demandé à lire {on.Name} (Permissions, dans Describe).", $"the plugin did not ask to read {on.Name} (Permissions, in Describe).");
            var name = ModelNames.OfPlugin(_plugin, field.Name);
            if (_model.Type(on.Name)?.ByName.ContainsKey(name) == true)
                _faults.Add(_plugin, where, "clash", $"{on.Name} a déjà un champ {name}.", $"{on.Name} already has a field {name}.");
        }
        foreach (var twice in Twice(fields.Select(f => f.On is null ? f.Name : $"{f.On.Name}.{f.Name}")))
            _faults.Add(_plugin, $"GraphFields({twice})", "twice", "ce champ est donné plus d'une fois.", "this field is given more than once.");
    }

    private void Shapeless(string where) => _faults.Add(_plugin, where, "shape", "cette forme n'existe pas.", "there is no such shape.");

    private void Endpoints()
    {
        var endpoints = _hooks.Endpoints.Handlers;
        foreach (var endpoint in endpoints)
        {
            var where = $"Endpoints({endpoint.Path})";
            if (!AskCompiler.IsPath(endpoint.Path))
                _faults.Add(_plugin, where, "endpoint", "ce n'est pas un chemin (minuscules, chiffres, points, tirets, entre barres obliques).", "this is no path (lower case letters, digits, points, hyphens, between slashes).");
            else if (_granted?.Endpoints.All(e => e.Path != endpoint.Path) == true)
                _faults.Add(_plugin, where, "permission", "le module n'a pas demandé à répondre à ce chemin (Permissions, dans Describe).", "the plugin did not ask to answer at this path (Permissions, in Describe).");
            if (endpoint.Methods.IsDefaultOrEmpty || endpoint.Methods.Any(m => m.Length == 0 || !m.All(char.IsAsciiLetterUpper)))
                _faults.Add(_plugin, where, "method", "il faut au moins une méthode, en majuscules (GET, POST).", "there must be a method at least, in capitals (GET, POST).");
        }
        foreach (var twice in Twice(endpoints.SelectMany(e => (e.Methods.IsDefault ? [] : e.Methods.Distinct()).Select(m => $"{m} {e.Path}"))))
            _faults.Add(_plugin, $"Endpoints({twice})", "twice", "cette réponse est donnée plus d'une fois.", "this is answered by more than one.");
    }

    private void Jobs()
    {
        var names = _hooks.Jobs.Handlers.Select(j => j.Name).ToArray();
        foreach (var name in names.Distinct())
            if (!ModelNames.IsPlugin(name))
                NotAName($"Jobs({name})");
            else if (_granted?.Schedules.All(s => s.Name != name) == true)
                _faults.Add(_plugin, $"Jobs({name})", "permission", "le module n'a pas demandé cette tâche (Permissions, dans Describe).", "the plugin did not ask for this job (Permissions, in Describe).");
        foreach (var twice in Twice(names))
            _faults.Add(_plugin, $"Jobs({twice})", "twice", "cette tâche est donnée plus d'une fois.", "this job is given more than once.");
    }

    private void Formats(string hook, Func<Hooks, IEnumerable<(string Name, Label Label)>> formats, Attachment[] others)
    {
        var own = formats(_hooks).ToArray();
        foreach (var (name, label) in own)
        {
            var where = $"{hook}({name})";
            _faults.AddLabel(_plugin, where, label);
            if (!ModelNames.IsPlugin(name))
                NotAName(where);
            else if (HostFormats.Contains(name))
                _faults.Add(_plugin, where, "clash", "ce format est celui du cœur.", "this format is the core's own.");
            else if (others.FirstOrDefault(o => formats(o.Hooks).Any(f => f.Name == name)) is { } other)
                _faults.Add(_plugin, where, "clash", $"le module {other.Plugin} a déjà un format de ce nom.", $"plugin {other.Plugin} already has a format of this name.");
        }
        foreach (var twice in Twice(own.Select(f => f.Name)))
            _faults.Add(_plugin, $"{hook}({twice})", "twice", "ce format est donné plus d'une fois.", "this format is given more than once.");
    }

    private void NotAName(string where) => _faults.Add(_plugin, where, "name", "ce n'est pas un nom (minuscules, chiffres, tirets, une lettre d'abord).", "this is no name (lower case letters, digits, hyphens, first a letter).");

    private static IEnumerable<string> Twice(IEnumerable<string> names) => names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key);
}
