using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>Makes one model of what plugins describe, or tells all that is wrong with it.</summary>
internal sealed class ModelCompiler
{
    private readonly ImmutableArray<ModelDescription> _said;
    private readonly ImmutableArray<ModelDescription> _descriptions;
    private readonly ModelFaults _faults = new();
    private readonly Dictionary<string, CodeList> _codeLists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordType> _records = new(StringComparer.Ordinal);
    private readonly List<ModelType> _types = [];
    private readonly List<ModelRelationship> _relationships = [];
    private readonly Ordinals _ordinals;

    private ModelCompiler(ImmutableArray<ModelDescription> said, Catalog catalog)
    {
        _said = said;
        _descriptions = EffectiveModel.Of(said, _faults);
        _ordinals = new(catalog);
    }

    /// <summary>Compiles.</summary>
    /// <param name="descriptions">One for each plugin, in the order of their requirements.</param>
    /// <param name="previous">The model before: its numbers are kept, and what is kept under a name does not change its shape.</param>
    /// <param name="saysTheSame">Whether it only says the same through other field types: then it has the version of the one before, so that plans and stores take them for one.</param>
    /// <exception cref="Problem">Invalid: every fault there is, each naming plugin, type and field.</exception>
    public static CompiledModel Compile(ImmutableArray<ModelDescription> descriptions, CompiledModel previous, bool saysTheSame = false) =>
        new ModelCompiler(descriptions, previous.Catalog).Compile(previous, saysTheSame ? previous.Version : previous.Version + 1);

    /// <summary>A model with all that is parked in it, whatever its names clash with.</summary>
    public static CompiledModel Whole(CompiledModel model) => model.Parked.IsEmpty
        ? model
        : new ModelCompiler(Parking.Together(model.Effective, model.Parked), model.Catalog).Compile(model, model.Version, isWhole: true);

    private CompiledModel Compile(CompiledModel previous, long version, bool isWhole = false)
    {
        Plugins();
        CodeLists();
        Records();
        var fields = new FieldCompiler(_codeLists, _faults);
        foreach (var description in _descriptions)
        {
            foreach (var type in description.EntityTypes)
                if (_records.GetValueOrDefault(type.Name) is ModelType owner && owner.Plugin == description.Plugin)
                    Fields(owner, type.Fields, fields);
            foreach (var type in description.RelationshipTypes)
                if (_records.GetValueOrDefault(type.Name) is ModelRelationship owner && owner.Plugin == description.Plugin)
                    Fields(owner, type.Fields, fields);
        }
        Extensions(fields);
        foreach (var record in _records.Values)
            Close(record);
        foreach (var description in _descriptions)
            foreach (var type in description.EntityTypes)
                if (_records.GetValueOrDefault(type.Name) is ModelType owner && owner.Plugin == description.Plugin)
                    TypeCompiler.Complete(owner, type, _faults);
        RelationshipCompiler.Complete(_descriptions, _records, _types, _faults);
        if (!isWhole)
            KeepShapes(previous);
        var model = new CompiledModel(_said, [.. _types], [.. _relationships], [.. _codeLists.Values], RoleCompiler.Roles(_descriptions, _faults), _ordinals.Catalog, version)
        {
            Effective = _descriptions,
            Parked = isWhole ? [] : Parking.After(previous.Parked, previous.Effective, _descriptions),
        };
        if (isWhole)
        {
            model.InForce = previous;
            return model;
        }
        ModelNames.TellClashes(model, _faults);
        AskCompiler.Check(model, _faults);
        RoleCompiler.Check(model, _descriptions, _faults);
        _faults.ThrowIfAny();
        return model;
    }

    private void Plugins()
    {
        foreach (var description in _descriptions.Where(d => !ModelNames.IsPlugin(d.Plugin)))
            _faults.Add(description.Plugin, "", "name", "un identifiant de module a des minuscules, des chiffres et des tirets, une lettre d'abord.", "a plugin's id has lower case letters, digits and hyphens, first a letter.");
        foreach (var twice in _descriptions.GroupBy(d => d.Plugin).Where(g => g.Count() > 1))
            _faults.Add(twice.Key, "", "plugin", $"{twice.Count()} modules portent cet identifiant.", $"{twice.Count()} plugins have this id.");
    }

    private void CodeLists()
    {
        foreach (var description in _descriptions)
            foreach (var list in description.CodeLists)
            {
                if (!ModelNames.IsPascal(list.Name))
                    _faults.Add(description.Plugin, list.Name, "name", "le nom d'une liste de codes commence par une majuscule et n'a que lettres et chiffres.", "a code list's name is Pascal case.");
                _faults.AddLabel(description.Plugin, list.Name, list.Label);
                foreach (var twice in list.Codes.GroupBy(c => c.Name).Where(g => g.Count() > 1))
                    _faults.Add(description.Plugin, list.Name, "codeList", $"le code {twice.Key} est donné {twice.Count()} fois.", $"the code {twice.Key} is given {twice.Count()} times.");
                if (_codeLists.TryAdd(list.Name, list))
                    continue;
                var first = _codeLists[list.Name];
                if (first.Label != list.Label)
                    _faults.Add(description.Plugin, list.Name, "codeList", $"la liste de codes existe déjà sous le libellé « {first.Label.Fr} ».", $"the code list is already there with the label \"{first.Label.En}\".");
                else
                    _codeLists[list.Name] = first with { Codes = [.. first.Codes.Concat(list.Codes).DistinctBy(c => c.Name)] };
            }
    }

    private void Records()
    {
        foreach (var description in _descriptions)
        {
            foreach (var type in description.EntityTypes)
            {
                var plural = ModelNames.Plural(type);
                if (!ModelNames.IsCamel(plural))
                    _faults.Add(description.Plugin, type.Name, "name", $"le pluriel « {plural} » doit commencer par une minuscule et n'avoir que lettres et chiffres.", $"the plural \"{plural}\" must be lower camel case.");
                if (Take(type.Name, type.Label, description.Plugin))
                    Keep(new ModelType
                    {
                        Ordinal = _ordinals.Type(type.Name), Name = type.Name, Label = type.Label, Plugin = description.Plugin, IsDated = type.IsDated,
                        Plural = plural, PluralLabel = ModelNames.PluralLabel(type),
                    }, _types);
            }
            foreach (var type in description.RelationshipTypes)
            {
                _faults.AddLabel(description.Plugin, type.Name, type.Inverse);
                if (Take(type.Name, type.Label, description.Plugin))
                    Keep(new ModelRelationship
                    {
                        Ordinal = _ordinals.Type(type.Name), Name = type.Name, Label = type.Label, Plugin = description.Plugin, IsDated = type.IsDated,
                        Inverse = type.Inverse, IsSymmetric = type.IsSymmetric, IsRepeatable = type.IsRepeatable,
                    }, _relationships);
            }
        }
        if (_ordinals.TypesAreFull)
            _faults.Add("core", "", "limit", "le modèle dépasse 65 535 types.", "the model has more than 65,535 types.");
    }

    private bool Take(string name, Label label, string plugin)
    {
        if (!ModelNames.IsPascal(name))
            _faults.Add(plugin, name, "name", "un nom de type commence par une majuscule et n'a que lettres et chiffres.", "a type's name is Pascal case.");
        _faults.AddLabel(plugin, name, label);
        if (_records.TryGetValue(name, out var other))
        {
            _faults.Add(plugin, name, "clash", $"le module {other.Plugin} a déjà un type de ce nom.", $"plugin {other.Plugin} already has a type of this name.");
            return false;
        }
        if (_codeLists.ContainsKey(name))
            _faults.Add(plugin, name, "clash", "une liste de codes porte déjà ce nom.", "a code list already has this name.");
        return true;
    }

    private void Keep<T>(T record, List<T> list) where T : RecordType
    {
        _records.Add(record.Name, record);
        list.Add(record);
    }

    private void Fields(RecordType owner, ImmutableArray<FieldDescription> fields, FieldCompiler compiler)
    {
        foreach (var field in fields)
        {
            if (!ModelNames.IsCamel(field.Name))
                _faults.Add(owner.Plugin, $"{owner.Name}.{field.Name}", "name", "un nom de champ commence par une minuscule et n'a que lettres et chiffres.", "a field's name is lower camel case.");
            AddField(owner, field, owner.Plugin, compiler);
        }
    }

    private void Extensions(FieldCompiler compiler)
    {
        foreach (var description in _descriptions)
            foreach (var extension in description.Extensions)
            {
                if (!_records.TryGetValue(extension.Type, out var owner))
                {
                    _faults.Add(description.Plugin, extension.Type, "unknown", "le type à étendre n'existe pas.", "there is no type of this name to extend.");
                    continue;
                }
                foreach (var field in extension.Fields)
                {
                    var prefix = description.Plugin + "_";
                    if (!field.Name.StartsWith(prefix, StringComparison.Ordinal) || !ModelNames.IsCamel(field.Name[prefix.Length..]) || prefix.Contains('-'))
                        _faults.Add(description.Plugin, $"{extension.Type}.{field.Name}", "name",
                            $"un champ ajouté au type d'un autre module s'appelle {prefix}nom, sans tiret.", $"a field added to another plugin's type is named {prefix}name, without hyphens.");
                    AddField(owner, field, description.Plugin, compiler);
                }
            }
    }

    private void AddField(RecordType owner, FieldDescription field, string plugin, FieldCompiler compiler)
    {
        var where = $"{owner.Name}.{field.Name}";
        if (ModelNames.IsReservedField(field.Name, owner is ModelRelationship))
            _faults.Add(plugin, where, "clash", "ce nom est réservé au cœur.", "this name is the core's own.");
        var made = compiler.Compile(field, owner, plugin, _ordinals.Field(owner.Name, field.Name));
        if (owner.Fields.FirstOrDefault(f => f.Name == field.Name) is { } other)
            _faults.Add(plugin, where, "clash", $"le module {other.Plugin} y a déjà un champ de ce nom.", $"plugin {other.Plugin} already has a field of this name there.");
        else
            owner.Fields = owner.Fields.Add(made);
    }

    private static void Close(RecordType record)
    {
        var all = record.Fields.Where(f => !ModelNames.IsReservedField(f.Name, false)).Concat(BuiltinFields.Of(record)).ToArray();
        record.ByName = all.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);
        record.ByOrdinal = record.Fields.ToFrozenDictionary(f => f.Ordinal);
    }

    private void KeepShapes(CompiledModel previous)
    {
        foreach (var record in _records.Values)
        {
            if (!previous.Whole.ByName.TryGetValue(record.Name, out var old))
                continue;
            if (old.Plugin != record.Plugin)
                _faults.Add(record.Plugin, record.Name, "parked", $"ce nom est celui de données du module {old.Plugin}, gardées ou en service : choisir un autre nom.", $"this name is that of data of plugin {old.Plugin}, parked or in force: choose another name.");
            if (old.GetType() != record.GetType())
                _faults.Add(record.Plugin, record.Name, "kept", "un type de fiche ne peut devenir un type de relation, ni l'inverse : choisir un autre nom.", "an entity type cannot become a relationship type, nor the other way: choose another name.");
            foreach (var field in record.Fields)
                if (old.ByName.TryGetValue(field.Name, out var before) && before.Builtin == Builtin.None && (before.Shape != field.Shape || before.IsMany != field.IsMany))
                    _faults.Add(field.Plugin, field.ToString(), "kept", "le champ a des données d'une autre forme : choisir un autre nom.", "the field has data of another shape: choose another name.");
        }
    }
}
