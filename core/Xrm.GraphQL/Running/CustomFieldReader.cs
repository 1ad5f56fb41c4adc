using System.Collections.Immutable;
using System.Text.Json;
using GraphQL.Types;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Schemas;
using Xrm.Sdk;
using FieldType = Xrm.Sdk.FieldType;

namespace Xrm.GraphQL.Running;

/// <summary>Reads what is said of a custom field. What cannot be read is noted, and the rest is read all the same, so that everything wrong with a field is told at once.</summary>
/// <param name="model">The model in force.</param>
internal sealed class CustomFieldReader(CompiledModel model, InputObject input)
{
    private static readonly string[] Always = ["type", "name"];
    private static readonly string[] Words = ["labelFr", "labelEn", "helpFr", "helpEn", "sensitivity"];
    private readonly List<Fault> _faults = [];

    public (CustomFieldRequest Request, List<Fault> Faults) Read(CustomFieldAction action)
    {
        var (type, name) = (Text("type")!, Text("name")!);
        string[] allowed = action == CustomFieldAction.Relabel ? [.. Always, .. Words] : Always;
        if (action != CustomFieldAction.Add)
            foreach (var (field, value) in input.Fields)
                if (value is not null && !allowed.Contains(field))
                    Fault(field, "action", "Cela ne se dit que d'un champ qu'on ajoute.", "This is said only of a field that is added.");
        return (new(action, type, name)
        {
            Field = action switch
            {
                CustomFieldAction.Add => Added(name),
                CustomFieldAction.Relabel => Relabelled(CustomFields.Find(model, type, name) ?? new(name, new TextType(), Label.Of(name, name))),
                _ => null,
            },
        }, _faults);
    }

    private FieldDescription Added(string name)
    {
        var type = Type();
        var isMany = input["many"] is true;
        return new(name, type, Label.Of(Text("labelFr") ?? "", Text("labelEn") ?? ""))
        {
            Help = Help(null),
            IsMany = isMany,
            IsRequired = input["required"] is true,
            IsUnique = input["unique"] is true,
            IsSearchable = input["searchable"] is true,
            Sensitivity = Sensitivity(Xrm.Sdk.Sensitivity.Internal),
            Default = Value("default", type.Shape, isMany),
            Min = Value("min", type.Shape, false),
            Max = Value("max", type.Shape, false),
            Pattern = Text("pattern"),
        };
    }

    private FieldDescription Relabelled(FieldDescription now) => now with
    {
        Label = Label.Of(Text("labelFr") ?? now.Label.Fr, Text("labelEn") ?? now.Label.En),
        Help = Help(now.Help),
        Sensitivity = Sensitivity(now.Sensitivity),
    };

    /// <summary>The field type; a text stands for one that there is not.</summary>
    private FieldType Type()
    {
        if (Text("fieldType") is not { Length: > 0 } name)
        {
            Fault("fieldType", "required", "Le type du champ est obligatoire.", "The field's type is required.");
            return new TextType();
        }
        var list = Text("codeList");
        var isText = name is "text" or "longText";
        OnlyFor("maxLength", isText, "un texte (text, longText)", "a text (text, longText)");
        OnlyFor("options", name == "choice", "un choix (choice)", "a choice (choice)");
        OnlyFor("codeList", name == "code", "un code (code)", "a code (code)");
        if (name == "code" && list is null)
        {
            Fault("codeList", "required", "La liste de codes est obligatoire.", "The code list is required.");
            return new TextType();
        }
        if (CustomFields.TypeNamed(model, name, isText ? input["maxLength"] as int? : null, Options(), list) is { } found)
            return found;
        _faults.Add(CustomFields.NoType(name));
        return new TextType();
    }

    private ImmutableArray<Option> Options() =>
        [.. (input["options"] as object?[] ?? []).OfType<InputObject>().Select(o => new Option((string)o["name"]!, Label.Of((string)o["labelFr"]!, (string)o["labelEn"]!)))];

    private Label? Help(Label? now)
    {
        var (fr, en) = (Text("helpFr") ?? now?.Fr, Text("helpEn") ?? now?.En);
        if (string.IsNullOrEmpty(fr) && string.IsNullOrEmpty(en))
            return null;
        if (!string.IsNullOrEmpty(fr) && !string.IsNullOrEmpty(en))
            return Label.Of(fr, en);
        Fault(string.IsNullOrEmpty(fr) ? "helpFr" : "helpEn", "label", "L'aide se donne en français et en anglais.", "Help is given in French and in English.");
        return null;
    }

    private Sensitivity Sensitivity(Sensitivity standard) => Text("sensitivity") is { } said ? (Sensitivity)(said[1] - '0') : standard;

    /// <summary>A value given as JSON, in the CLR form of a shape; null when there is none.</summary>
    private object? Value(string name, Shape shape, bool isMany)
    {
        if (input[name] is not JsonElement { ValueKind: not JsonValueKind.Null and not JsonValueKind.Undefined } json)
            return null;
        IGraphType scalar = new Scalars().Of(shape);
        return Inputs.Read(isMany ? new ListGraphType(new NonNullGraphType(scalar)) : scalar, json, name, _faults) switch
        {
            object?[] items => items.Contains(null) ? null : items.Select(i => i!).ToImmutableArray(),
            var value => value,
        };
    }

    private void OnlyFor(string name, bool fits, string fr, string en)
    {
        if (!fits && input[name] is not null)
            Fault(name, "fieldType", $"Cela ne se dit que d'{fr}.", $"This is said only of {en}.");
    }

    private string? Text(string name) => input[name] as string;

    private void Fault(string field, string rule, string fr, string en) => _faults.Add(new(ProblemCode.Invalid, Label.Of(fr, en), field, rule));
}
