using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>Checks what is said about a field and makes it part of a model.</summary>
internal sealed class FieldCompiler(IReadOnlyDictionary<string, CodeList> codeLists, ModelFaults faults)
{
    /// <summary>A field that is described by the same object as before has the same pattern; making one is slow.</summary>
    private static readonly ConditionalWeakTable<FieldDescription, Regex> Patterns = [];
    private readonly Dictionary<string, (Shape Shape, string Where)> _shapes = new(StringComparer.Ordinal);

    /// <summary>The field as the model has it, also when faults were noted, so that what names it is not a fault besides.</summary>
    public ModelField Compile(FieldDescription field, RecordType owner, string plugin, int ordinal)
    {
        var where = $"{owner.Name}.{field.Name}";
        faults.AddLabel(plugin, where, field.Label);
        if (field.Group is { } group)
            faults.AddLabel(plugin, $"{where}, group", group);
        Regex? pattern = null;
        if (CheckType(field, plugin, where))
        {
            CheckShape(field, owner, plugin, where);
            pattern = Pattern(field, plugin, where);
            field = Limits(field, plugin, where, pattern);
        }
        return Made(field, owner, plugin, ordinal, pattern);
    }

    private ModelField Made(FieldDescription field, RecordType owner, string plugin, int ordinal, Regex? pattern)
    {
        var codes = field.Type.CodeList is { } list && codeLists.TryGetValue(list, out var listed)
            ? listed.Codes.Select(c => c.Name).ToFrozenSet(StringComparer.Ordinal)
            : field.Type.Options.IsEmpty ? null : field.Type.Options.Select(o => o.Name).ToFrozenSet(StringComparer.Ordinal);
        return new()
        {
            Ordinal = ordinal,
            Description = field,
            Owner = owner,
            Plugin = plugin,
            Codes = codes,
            Limits = new()
            {
                MaxLength = field.Type.MaxLength, Codes = codes, CodeList = field.Type.CodeList, Min = field.Min, Max = field.Max,
                Pattern = pattern, PatternMessage = field.PatternMessage, PatternRule = field.PatternRule,
            },
        };
    }

    private bool CheckType(FieldDescription field, string plugin, string where)
    {
        var type = field.Type;
        if (!ModelNames.IsCamel(type.Name))
            faults.Add(plugin, where, "fieldType", $"« {type.Name} » n'est pas un nom de type de champ (minuscule, puis lettres et chiffres).", $"\"{type.Name}\" is no name for a field type (lower camel case).");
        if (!Enum.IsDefined(type.Shape))
        {
            faults.Add(plugin, where, "fieldType", $"le type de champ {type.Name} n'a pas de forme connue.", $"the field type {type.Name} has no known shape.");
            return false;
        }
        if (!_shapes.TryAdd(type.Name, (type.Shape, where)) && _shapes[type.Name].Shape != type.Shape)
            faults.Add(plugin, where, "fieldType", $"le type de champ {type.Name} a une autre forme dans {_shapes[type.Name].Where}.", $"the field type {type.Name} has another shape in {_shapes[type.Name].Where}.");
        if (type.MaxLength < 1)
            faults.Add(plugin, where, "maxLength", "la longueur maximale doit être 1 au moins.", "the maximum length must be 1 at least.");
        var isChoice = type.Name is "choice" or "state";
        if (isChoice && type.Options.IsEmpty)
            faults.Add(plugin, where, "options", "un choix doit avoir au moins une option.", "a choice must have an option at least.");
        foreach (var option in type.Options)
        {
            if (!ModelNames.IsUpperSnake(option.Name))
                faults.Add(plugin, where, "name", $"l'option « {option.Name} » doit s'écrire en MAJUSCULES_AVEC_TIRETS_BAS.", $"the option \"{option.Name}\" must be written in UPPER_SNAKE case.");
            faults.AddLabel(plugin, $"{where}, {option.Name}", option.Label);
        }
        foreach (var twice in type.Options.GroupBy(o => o.Name).Where(g => g.Count() > 1))
            faults.Add(plugin, where, "options", $"l'option {twice.Key} est donnée {twice.Count()} fois.", $"the option {twice.Key} is given {twice.Count()} times.");
        if (type.CodeList is { } list && !codeLists.ContainsKey(list))
            faults.Add(plugin, where, "codeList", $"la liste de codes {list} n'existe pas.", $"there is no code list {list}.");
        if (type.Widget is { } widget)
            CheckWidget(type, widget, plugin, where);
        return true;
    }

    /// <summary>Pages show a value by a field type of the sdk that knows its shape, and has to choose from where it lets people choose.</summary>
    private void CheckWidget(FieldType type, string widget, string plugin, string where)
    {
        if (FieldTypes.Find(widget, codeList: type.CodeList ?? "") is not { } shown)
            faults.Add(plugin, where, "widget", $"le type de champ {type.Name} veut s'afficher comme {widget}, qui n'est pas un type de champ du sdk.", $"the field type {type.Name} wants to be shown as {widget}, which is no field type of the sdk.");
        else if (shown.Shape != type.Shape)
            faults.Add(plugin, where, "widget", $"le type de champ {type.Name} ({type.Shape}) veut s'afficher comme {widget}, d'une autre forme ({shown.Shape}).", $"the field type {type.Name} ({type.Shape}) wants to be shown as {widget}, of another shape ({shown.Shape}).");
        else if (widget == "choice" && type.Options.IsEmpty || widget == "code" && type.CodeList is null)
            faults.Add(plugin, where, "widget", $"le type de champ {type.Name} veut s'afficher comme {widget} et n'a rien à choisir.", $"the field type {type.Name} wants to be shown as {widget} and has nothing to choose from.");
    }

    private void CheckShape(FieldDescription field, RecordType owner, string plugin, string where)
    {
        var type = field.Type;
        if (field.IsComputed && (field.IsRequired || field.IsUnique || field.IsSearchable || field.IsHidden || field.Default is not null || !type.Moves.IsEmpty || owner is ModelRelationship))
            faults.Add(plugin, where, "computed", "un champ calculé appartient à un type de fiche, et n'est ni obligatoire, ni unique, ni cherché, ni caché, ni un état, et n'a pas de valeur par défaut.", "a computed field belongs to an entity type, and is neither required, unique, searchable, hidden nor a state, and has no default.");
        if (field.IsUnique && (field.IsMany || type.Shape == Shape.Json || owner is ModelRelationship))
            faults.Add(plugin, where, "unique", "seul un champ à une valeur, d'un type de fiche, peut être unique.", "only a field with one value, of an entity type, can be unique.");
        if (field.IsSearchable && owner is ModelRelationship)
            faults.Add(plugin, where, "searchable", "la recherche trouve des fiches ; un champ de relation se filtre.", "a search finds things; a field of a relationship is filtered by.");
        if (field.IsSearchable && type.Shape != Shape.Text)
            faults.Add(plugin, where, "searchable", "seul un texte peut être cherché.", "only text can be searched.");
        if (!type.Moves.IsEmpty && (field.IsMany || owner is ModelRelationship))
            faults.Add(plugin, where, "state", "un état a une valeur et appartient à un type de fiche.", "a state has one value and belongs to an entity type.");
        var states = type.Options.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var move in type.Moves)
        {
            if (!ModelNames.IsCamel(move.Name))
                faults.Add(plugin, where, "name", $"le passage « {move.Name} » doit commencer par une minuscule et n'avoir que lettres et chiffres.", $"the move \"{move.Name}\" must be lower camel case.");
            faults.AddLabel(plugin, $"{where}, {move.Name}", move.Label);
            foreach (var state in move.From.Append(move.To).Where(s => !states.Contains(s)).Distinct())
                faults.Add(plugin, where, "state", $"le passage {move.Name} nomme l'état inconnu {state}.", $"the move {move.Name} names the unknown state {state}.");
        }
        foreach (var twice in type.Moves.GroupBy(m => m.Name).Where(g => g.Count() > 1))
            faults.Add(plugin, where, "state", $"le passage {twice.Key} est donné {twice.Count()} fois.", $"the move {twice.Key} is given {twice.Count()} times.");
    }

    private Regex? Pattern(FieldDescription field, string plugin, string where)
    {
        if (field.Pattern is null)
            return null;
        if (field.Type.Shape != Shape.Text)
            faults.Add(plugin, where, "pattern", "seul un texte peut suivre un motif.", "only text can follow a pattern.");
        try
        {
            return Patterns.GetValue(field, static f => FieldLimits.Compile(f.Pattern!));
        }
        catch (ArgumentException e)
        {
            faults.Add(plugin, where, "pattern", $"le motif n'est pas une expression régulière : {e.Message}", $"the pattern is no regular expression: {e.Message}");
            return null;
        }
    }

    /// <summary>Checks bounds and default; answers the field with the default as it is to be kept.</summary>
    private FieldDescription Limits(FieldDescription field, string plugin, string where, Regex? pattern)
    {
        var shape = field.Type.Shape;
        var (min, max) = (field.Min, field.Max);
        if (min is not null || max is not null)
        {
            if (shape is Shape.Boolean or Shape.Json or Shape.Text)
                faults.Add(plugin, where, "bounds", "une valeur de cette forme n'a pas de bornes.", "a value of this shape has no bounds.");
            else if (min is not null && !ShapeValues.Conform(shape, ref min) || max is not null && !ShapeValues.Conform(shape, ref max))
                faults.Add(plugin, where, "bounds", "une borne n'a pas la forme du champ.", "a bound has not the shape of the field.");
            else if (min is not null && max is not null && ShapeValues.Order(shape, min, max) > 0)
                faults.Add(plugin, where, "bounds", $"le minimum ({min}) dépasse le maximum ({max}).", $"the minimum ({min}) is above the maximum ({max}).");
            else
                field = field with { Min = min, Max = max };
        }
        if (field.Default is null)
            return field;
        try
        {
            if (FieldValue.Check(Made(field, Nobody, plugin, 0, pattern), field.Default, out var kept, out var refusal))
                return field with { Default = kept };
            faults.Add(plugin, where, "default", $"la valeur par défaut est refusée : {refusal.Message.Fr}", $"the default value is refused: {refusal.Message.En}");
        }
        catch (Exception e) when (e is not Problem)
        {
            // A plugin's own type ran here: whatever it threw is the reason why its model is refused.
            faults.Add(plugin, where, "default", $"le type de champ {field.Type.Name} a échoué sur la valeur par défaut : {e.Message}", $"the field type {field.Type.Name} failed on the default value: {e.Message}");
        }
        return field with { Default = null };
    }

    private static readonly ModelType Nobody = new() { Ordinal = 0, Name = "", Label = new("", ""), Plugin = "", IsDated = false, Plural = "", PluralLabel = new("", "") };
}
