using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Xml;

namespace Xrm.Sdk;

/// <summary>Reads what <see cref="ModelJsonWriter"/> writes.</summary>
internal static class ModelJsonReader
{
    public static ModelDescription Model(JsonElement json) => new(Text(json, "plugin"))
    {
        EntityTypes = Each(json, "entityTypes", t => new EntityTypeDescription(Text(t, "name"), Labelled(t, "label"))
        {
            Plural = TextOrNull(t, "plural"),
            PluralLabel = LabelOrNull(t, "pluralLabel"),
            IsDated = Yes(t, "isDated"),
            DisplayFields = Texts(t, "displayFields"),
            ListFields = Texts(t, "listFields"),
            Keys = Each(t, "keys", k => k.EnumerateArray().Select(f => f.GetString()!).ToImmutableArray()),
            Fields = Each(t, "fields", Field),
        }),
        RelationshipTypes = Each(json, "relationshipTypes", r => new RelationshipTypeDescription(Text(r, "name"), Labelled(r, "label"), Labelled(r, "inverse"))
        {
            Source = End(r.GetProperty("source")),
            Target = End(r.GetProperty("target")),
            IsSymmetric = Yes(r, "isSymmetric"),
            IsRepeatable = Yes(r, "isRepeatable"),
            IsDated = Yes(r, "isDated"),
            Fields = Each(r, "fields", Field),
        }),
        Extensions = Each(json, "extensions", e => new ExtensionDescription(Text(e, "type"), Each(e, "fields", Field))),
        CodeLists = Each(json, "codeLists", l => new CodeList(Text(l, "name"), Labelled(l, "label"), Each(l, "codes", Choice))),
        Roles = Each(json, "roles", r => new Role(Text(r, "name"), Labelled(r, "label"), Each(r, "grants", g =>
            new Grant(Text(g, "type"), (Rights)g.GetProperty("rights").GetInt32(), Enum.Parse<Sensitivity>(Text(g, "upTo")))
            {
                Fields = g.TryGetProperty("fields", out _) ? Texts(g, "fields") : null,
                Where = Question(g, "where"),
            }))),
        Optional = Each(json, "optional", o => new OptionalDescription(Text(o, "when"), Model(o.GetProperty("model")))),
        Labels = Each(json, "labels", l => new LabelDescription(Text(l, "target"), Labelled(l, "label"))),
        PersonalData = Each(json, "personalData", p => new PersonalDataDescription(Text(p, "type"), Labelled(p, "purpose"), TextOrNull(p, "subject"), p.TryGetProperty("keepDays", out var days) ? days.GetInt32() : null)),
        Permissions = json.TryGetProperty("permissions", out var permissions) ? PermissionsJson.Read(permissions) : PluginPermissions.None,
        Version = TextOrNull(json, "version"),
    };

    private static EndDescription End(JsonElement json) => new()
    {
        Types = Texts(json, "types"),
        Name = Text(json, "name"),
        Label = Labelled(json, "label"),
        IsToOne = Yes(json, "isToOne"),
        IsRequired = Yes(json, "isRequired"),
        OnDelete = TextOrNull(json, "onDelete") is { } then ? Enum.Parse<Then>(then) : Then.Restrict,
    };

    private static FieldDescription Field(JsonElement json) => new(Text(json, "name"), Type(json.GetProperty("type")), Labelled(json, "label"))
    {
        Help = LabelOrNull(json, "help"),
        Group = LabelOrNull(json, "group"),
        IsMany = Yes(json, "isMany"),
        IsRequired = Yes(json, "isRequired"),
        IsUnique = Yes(json, "isUnique"),
        IsSearchable = Yes(json, "isSearchable"),
        IsHidden = Yes(json, "isHidden"),
        IsComputed = Yes(json, "isComputed"),
        Sensitivity = TextOrNull(json, "sensitivity") is { } sensitivity ? Enum.Parse<Sensitivity>(sensitivity) : Sensitivity.Internal,
        Default = ValueOrNull(json, "default"),
        Min = ValueOrNull(json, "min"),
        Max = ValueOrNull(json, "max"),
        Pattern = TextOrNull(json, "pattern"),
        PatternRule = TextOrNull(json, "patternRule"),
        PatternMessage = LabelOrNull(json, "patternMessage"),
    };

    private static FieldType Type(JsonElement json)
    {
        var said = new StandInType(
            Text(json, "name"),
            Enum.Parse<Shape>(Text(json, "shape")),
            json.TryGetProperty("maxLength", out var most) ? most.GetInt32() : null,
            Each(json, "options", Choice),
            Each(json, "moves", m => new Move(Text(m, "name"), Labelled(m, "label"), Texts(m, "from"), Text(m, "to"), Texts(m, "needs"))),
            TextOrNull(json, "codeList"),
            TextOrNull(json, "widget"));
        return FieldTypes.Find(said.Name, said.MaxLength, said.Options, said.CodeList) is { } known && known.Shape == said.Shape && known.MaxLength == said.MaxLength ? known : said;
    }

    private static Option Choice(JsonElement json) => new(Text(json, "name"), Labelled(json, "label"));

    private static Filter? Question(JsonElement json, string name) => json.TryGetProperty(name, out var filter) ? Question(filter) : null;

    private static Filter Question(JsonElement json)
    {
        if (json.TryGetProperty("field", out var field))
            return new Filter.Compare(field.GetString()!, Enum.Parse<Comparison>(Text(json, "how")), Value(json.GetProperty("value")));
        if (json.TryGetProperty("and", out _))
            return new Filter.And(Each(json, "and", Question));
        if (json.TryGetProperty("or", out _))
            return new Filter.Or(Each(json, "or", Question));
        if (json.TryGetProperty("not", out var not))
            return new Filter.Not(Question(not));
        if (json.TryGetProperty("ofType", out _))
            return new Filter.OfType(Texts(json, "ofType"));
        return new Filter.Through(Text(json, "through"), Enum.Parse<Quantifier>(Text(json, "how")), Question(json, "node"))
        {
            Link = Question(json, "link"),
            During = json.TryGetProperty("during", out var during)
                ? new Period((DateOnly?)ValueOrNull(during, "from"), (DateOnly?)ValueOrNull(during, "to"))
                : null,
        };
    }

    private static object? ValueOrNull(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? Value(value) : null;

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.GetInt32(),
        JsonValueKind.Array => json.EnumerateArray().Select(v => Value(v)!).ToImmutableArray(),
        _ => Tagged(json.EnumerateObject().Single()),
    };

    private static object Tagged(JsonProperty value) => value.Name switch
    {
        "decimal" => decimal.Parse(value.Value.GetString()!, CultureInfo.InvariantCulture),
        "date" => DateOnly.ParseExact(value.Value.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        "dateTime" => DateTimeOffset.Parse(value.Value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        "duration" => XmlConvert.ToTimeSpan(value.Value.GetString()!),
        "id" => EntityId.Parse(value.Value.GetString()!),
        "json" => value.Value.Clone(),
        _ => throw new FormatException($"\"{value.Name}\" is no kind of value."),
    };

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var text) && text.GetString() is { } found ? found : throw new FormatException($"\"{name}\" is missing in {Start(json)}");

    private static string? TextOrNull(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static ImmutableArray<string> Texts(JsonElement json, string name) => Each(json, name, t => t.GetString()!);

    private static Label Labelled(JsonElement json, string name) => LabelOrNull(json, name) ?? throw new FormatException($"\"{name}\" is missing in {Start(json)}");

    private static Label? LabelOrNull(JsonElement json, string name) => json.TryGetProperty(name, out var label) ? new Label(Text(label, "fr"), Text(label, "en")) : null;

    private static bool Yes(JsonElement json, string name) => json.TryGetProperty(name, out var yes) && yes.GetBoolean();

    private static ImmutableArray<T> Each<T>(JsonElement json, string name, Func<JsonElement, T> read) =>
        json.TryGetProperty(name, out var items) ? [.. items.EnumerateArray().Select(read)] : [];

    private static string Start(JsonElement json)
    {
        var text = json.GetRawText();
        return text.Length <= 80 ? text : text[..80] + "…";
    }

    /// <summary>A field type as a description told of it: it knows what the type looks like, not what its code checks.</summary>
    private sealed class StandInType(string name, Shape shape, int? maxLength, ImmutableArray<Option> options, ImmutableArray<Move> moves, string? codeList, string? widget) : FieldType
    {
        public override string Name => name;
        public override Shape Shape => shape;
        public override int? MaxLength => maxLength;
        public override ImmutableArray<Option> Options => options;
        public override ImmutableArray<Move> Moves => moves;
        public override string? CodeList => codeList;
        public override string? Widget => widget;
    }
}
