using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>The field types of the sdk by their names.</summary>
public static class FieldTypes
{
    /// <summary>The names of those that need nothing but a name, and of <c>text</c>, <c>longText</c>, <c>choice</c> and <c>code</c>; a state belongs to a plugin.</summary>
    public static ImmutableArray<string> Names { get; } =
        ["text", "longText", "boolean", "integer", "decimal", "money", "date", "dateTime", "duration", "choice", "code", "email", "phone", "url", "geoPoint", "geoShape", "file", "json"];

    /// <summary>A field type of the sdk; null when the sdk has none of that name.</summary>
    /// <param name="name">As in <see cref="FieldType.Name"/>.</param>
    /// <param name="maxLength">Of texts: the most characters; null = as the type has it.</param>
    /// <param name="options">Of choices: what there is to choose.</param>
    /// <param name="codeList">Of codes: the list.</param>
    public static FieldType? Find(string name, int? maxLength = null, ImmutableArray<Option> options = default, string? codeList = null) => name switch
    {
        "text" => maxLength is { } most ? new TextType(most) : new TextType(),
        "longText" => maxLength is { } most ? new LongTextType(most) : new LongTextType(),
        "boolean" => new BooleanType(),
        "integer" => new IntegerType(),
        "decimal" => new DecimalType(),
        "money" => new MoneyType(),
        "date" => new DateType(),
        "dateTime" => new DateTimeType(),
        "duration" => new DurationType(),
        "choice" => new OptionsType(options.IsDefault ? [] : options),
        "code" when codeList is not null => new CodeType(new CodeList(codeList, Label.Of(codeList, codeList), [])),
        "email" => new EmailType(),
        "phone" => new PhoneType(),
        "url" => new UrlType(),
        "geoPoint" => new GeoPointType(),
        "geoShape" => new GeoShapeType(),
        "file" => new FileType(),
        "json" => new JsonType(),
        _ => null,
    };
}

/// <summary>One of a closed set, handled by name: a choice that no plugin's enum stands behind.</summary>
/// <param name="options">What there is to choose.</param>
public sealed class OptionsType(ImmutableArray<Option> options) : PlainFieldType<string>
{
    /// <inheritdoc/>
    public override string Name => "choice";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override ImmutableArray<Option> Options { get; } = options;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        fault = Texts.NoChoice((string)value, Options);
        return value;
    }
}
