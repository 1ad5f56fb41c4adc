using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Xrm.Sdk;
using Xrm.Staff.Door;

namespace Xrm.Staff.Model;

/// <summary>Reads the model that GraphQL tells.</summary>
internal static class ModelReader
{
    private const string Label = "{ fr en }";
    private const string Field = $"name label {Label} help {Label} plugin type shape isMany isRequired isUnique isSearchable isComputed canWrite widget group {Label} sensitivity maxLength default min max pattern patternMessage {Label} codeList options {{ name label {Label} }} moves {{ name label {Label} from to needs }}";
    private const string End = $"name label {Label} relationship isSource isToOne isRequired isDated types far";

    /// <summary>What to ask for.</summary>
    public const string Selection = $$"""
        { version plugins { id title {{Label}} }
          types { name label {{Label}} plural pluralLabel {{Label}} plugin isDated canCreate canUpdate canDelete displayFields listFields fields { {{Field}} } ends { {{End}} } }
          relationshipTypes { name label {{Label}} inverseLabel {{Label}} isDated isSymmetric canCreate canUpdate canDelete source { {{End}} } target { {{End}} } fields { {{Field}} } }
          codeLists { name label {{Label}} codes { name label {{Label}} } } }
        """;

    public static StaffModel Read(JsonElement json) => new(
        json.GetProperty("version").GetInt32(),
        Each(json, "plugins", p => new ModelPlugin(Text(p, "id"), Labelled(p, "title"))),
        Each(json, "types", Type),
        Each(json, "relationshipTypes", Relationship),
        Each(json, "codeLists", l => new ModelCodeList(Text(l, "name"), Labelled(l, "label"), Each(l, "codes", Choice))));

    private static ModelType Type(JsonElement json) => new(
        Text(json, "name"), Labelled(json, "label"), Text(json, "plural"), Labelled(json, "pluralLabel"), Text(json, "plugin"), Yes(json, "isDated"),
        Each(json, "displayFields", f => f.GetString()!), Each(json, "listFields", f => f.GetString()!), Later(json, "fields", FieldOf), Later(json, "ends", EndOf),
        Yes(json, "canCreate"), Yes(json, "canUpdate"), Yes(json, "canDelete"));

    private static ModelRelationship Relationship(JsonElement json) => new(
        Text(json, "name"), Labelled(json, "label"), Labelled(json, "inverseLabel"), Yes(json, "isDated"), Yes(json, "isSymmetric"),
        EndOf(json.GetProperty("source")), EndOf(json.GetProperty("target")), Later(json, "fields", FieldOf),
        Yes(json, "canCreate"), Yes(json, "canUpdate"), Yes(json, "canDelete"));

    private static ModelField FieldOf(JsonElement json)
    {
        var shape = Enum.Parse<Shape>(Text(json, "shape").Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        var isMany = Yes(json, "isMany");
        return new(Text(json, "name"), Labelled(json, "label"), Text(json, "type"), shape)
        {
            Help = LabelOrNull(json, "help"),
            Plugin = Text(json, "plugin"),
            Widget = TextOrNull(json, "widget"),
            Group = LabelOrNull(json, "group"),
            IsMany = isMany,
            IsRequired = Yes(json, "isRequired"),
            IsUnique = Yes(json, "isUnique"),
            IsSearchable = Yes(json, "isSearchable"),
            IsComputed = Yes(json, "isComputed"),
            CanWrite = Yes(json, "canWrite"),
            Sensitivity = (Sensitivity)(Text(json, "sensitivity")[1] - '0'),
            MaxLength = json.GetProperty("maxLength") is { ValueKind: JsonValueKind.Number } most ? most.GetInt32() : null,
            Default = ShapeJson.Read(shape, isMany, json.GetProperty("default")),
            Min = ShapeJson.Read(shape, false, json.GetProperty("min")),
            Max = ShapeJson.Read(shape, false, json.GetProperty("max")),
            Pattern = TextOrNull(json, "pattern"),
            PatternMessage = LabelOrNull(json, "patternMessage"),
            CodeList = TextOrNull(json, "codeList"),
            Options = Each(json, "options", Choice),
            Moves = Each(json, "moves", m => new Move(Text(m, "name"), Labelled(m, "label"), Each(m, "from", f => f.GetString()!), Text(m, "to"), Each(m, "needs", n => n.GetString()!))),
        };
    }

    private static ModelEnd EndOf(JsonElement json) => new(
        Text(json, "name"), Labelled(json, "label"), Text(json, "relationship"), Yes(json, "isSource"), Yes(json, "isToOne"), Yes(json, "isRequired"), Yes(json, "isDated"),
        Each(json, "types", t => t.GetString()!), Each(json, "far", t => t.GetString()!));

    private static Option Choice(JsonElement json) => new(Text(json, "name"), Labelled(json, "label"));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string? TextOrNull(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static Label Labelled(JsonElement json, string name) => LabelOrNull(json, name)!;

    private static Label? LabelOrNull(JsonElement json, string name) =>
        json.TryGetProperty(name, out var label) && label.ValueKind == JsonValueKind.Object ? new(Text(label, "fr"), Text(label, "en")) : null;

    private static bool Yes(JsonElement json, string name) => json.GetProperty(name).GetBoolean();

    private static Lazy<ImmutableArray<T>> Later<T>(JsonElement json, string name, Func<JsonElement, T> read) => new(() => Each(json, name, read));

    // Compiled anew for each type that is read: so without what else would be, too.
    private static ImmutableArray<T> Each<T>(JsonElement json, string name, Func<JsonElement, T> read)
    {
        var array = json.GetProperty(name);
        if (array.GetArrayLength() is not (> 0 and var length))
            return [];
        var items = new T[length];
        var i = 0;
        foreach (var item in array.EnumerateArray())
            items[i++] = read(item);
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }
}
