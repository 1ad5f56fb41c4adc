using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Xrm.Sdk;

/// <summary>One line of text, trimmed; control characters are refused.</summary>
/// <param name="maxLength">The most UTF-16 units; at least 1.</param>
public sealed class TextType(int maxLength = 200) : PlainFieldType<string>
{
    /// <inheritdoc/>
    public override string Name => "text";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override int? MaxLength { get; } = maxLength;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var text = Texts.Clean((string)value);
        fault = text.Any(char.IsControl)
            ? Label.Of("Le texte doit tenir sur une ligne, sans caractère de contrôle.", "The text must be one line without control characters.")
            : Texts.TooLong(text, MaxLength);
        return text;
    }
}

/// <summary>Text of several lines; line ends become LF.</summary>
/// <param name="maxLength">The most UTF-16 units; at least 1.</param>
public sealed class LongTextType(int maxLength = 100_000) : PlainFieldType<string>
{
    /// <inheritdoc/>
    public override string Name => "longText";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override int? MaxLength { get; } = maxLength;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var text = Texts.Clean(((string)value).ReplaceLineEndings("\n"));
        fault = text.Any(c => char.IsControl(c) && c is not ('\n' or '\t'))
            ? Label.Of("Le texte contient un caractère de contrôle.", "The text holds a control character.")
            : Texts.TooLong(text, MaxLength);
        return text;
    }
}

/// <summary>Yes or no.</summary>
public sealed class BooleanType : PlainFieldType<bool>
{
    /// <inheritdoc/>
    public override string Name => "boolean";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Boolean;
}

/// <summary>A whole number of 32 bits.</summary>
public sealed class IntegerType : PlainFieldType<int>
{
    /// <inheritdoc/>
    public override string Name => "integer";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Integer;
}

/// <summary>A decimal number, exact.</summary>
public sealed class DecimalType : PlainFieldType<decimal>
{
    /// <inheritdoc/>
    public override string Name => "decimal";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Decimal;
}

/// <summary>An amount in euros with at most two decimals.</summary>
public sealed class MoneyType : PlainFieldType<decimal>
{
    /// <inheritdoc/>
    public override string Name => "money";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Decimal;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        fault = decimal.Round((decimal)value, 2) == (decimal)value
            ? null
            : Label.Of("Un montant en euros a deux décimales au plus.", "An amount in euros has at most two decimals.");
        return value;
    }
}

/// <summary>A day, without time or zone.</summary>
public sealed class DateType : PlainFieldType<DateOnly>
{
    /// <inheritdoc/>
    public override string Name => "date";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Date;
}

/// <summary>A moment, kept in UTC to the millisecond.</summary>
public sealed class DateTimeType : PlainFieldType<DateTimeOffset>
{
    /// <inheritdoc/>
    public override string Name => "dateTime";
    /// <inheritdoc/>
    public override Shape Shape => Shape.DateTime;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        fault = null;
        var at = ((DateTimeOffset)value).ToUniversalTime();
        return new DateTimeOffset(at.Ticks - at.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
    }
}

/// <summary>A length of time in days, hours, minutes and seconds; months and years have none.</summary>
public sealed class DurationType : PlainFieldType<TimeSpan>
{
    /// <inheritdoc/>
    public override string Name => "duration";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Duration;
}

/// <summary>One of a closed set, handled as a CLR enum; an enum in GraphQL.</summary>
/// <typeparam name="T">Its members become the values: <c>StreetLight</c> is <c>STREET_LIGHT</c>.</typeparam>
public class ChoiceType<T> : FieldType<T> where T : struct, Enum
{
    private readonly ImmutableArray<T> _members;

    /// <summary>A choice among the members named, in this order.</summary>
    public ChoiceType(params IEnumerable<(T Member, Label Label)> options)
    {
        var given = options.ToImmutableArray();
        _members = [.. given.Select(o => o.Member)];
        Options = [.. given.Select(o => new Option(NameOf(o.Member), o.Label))];
    }

    /// <inheritdoc/>
    public override string Name => "choice";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override ImmutableArray<Option> Options { get; }

    /// <summary>The name in JSON and GraphQL of a member: words of capitals, parted by underscores.</summary>
    public static string NameOf(T member) => Texts.UpperSnake(member.ToString());

    /// <inheritdoc/>
    public override object ToValue(T value) => NameOf(value);

    /// <inheritdoc/>
    public override T FromValue(object value)
    {
        for (var i = 0; i < Options.Length; i++)
            if (Options[i].Name == (string)value)
                return _members[i];
        return default;
    }

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        fault = Options.Any(o => o.Name == (string)value)
            ? null
            : Label.Of($"« {value} » n'est pas un choix possible ({string.Join(", ", Options.Select(o => o.Name))}).", $"\"{value}\" is not one of the choices ({string.Join(", ", Options.Select(o => o.Name))}).");
        return value;
    }
}

/// <summary>A choice whose changes follow allowed moves. An entity starts in the first state.</summary>
/// <typeparam name="T">The states.</typeparam>
public sealed class StateType<T> : ChoiceType<T> where T : struct, Enum
{
    internal StateType(IEnumerable<(T Member, Label Label)> states, ImmutableArray<Move> moves) : base(states) => Moves = moves;

    /// <inheritdoc/>
    public override string Name => "state";
    /// <inheritdoc/>
    public override ImmutableArray<Move> Moves { get; }
}

/// <summary>A code of a list that staff extend at run time; a String in GraphQL.</summary>
public sealed class CodeType(CodeList list) : PlainFieldType<string>
{
    /// <inheritdoc/>
    public override string Name => "code";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override string CodeList => list.Name;
}

/// <summary>An e-mail address (RFC 5322 addr-spec, at most 254 characters; rule X-R16); the domain is kept in lower case.</summary>
public sealed partial class EmailType : PlainFieldType<string>
{
    /// <inheritdoc/>
    public override string Name => "email";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override int? MaxLength => 254;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var text = ((string)value).Trim();
        var at = text.LastIndexOf('@');
        fault = text.Length <= 254 && at is > 0 and <= 64 && Address().IsMatch(text)
            ? null
            : Label.Of($"« {text} » n'est pas une adresse électronique (nom@domaine.fr).", $"\"{text}\" is not an e-mail address (name@example.org).");
        return at > 0 ? text[..at] + text[at..].ToLowerInvariant() : text;
    }

    [GeneratedRegex(@"^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[\p{L}\d]([\p{L}\d-]*[\p{L}\d])?(\.[\p{L}\d]([\p{L}\d-]*[\p{L}\d])?)+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Address();
}

/// <summary>A phone number in E.164 (rule X-R15). Spaces, points, hyphens and brackets are dropped; <c>00</c> becomes <c>+</c>;
/// a French national number becomes <c>+33</c>, or the overseas prefix that its first digits name.</summary>
public sealed partial class PhoneType : PlainFieldType<string>
{
    private static readonly (string National, string International)[] Overseas =
    [
        ("0262", "+262"), ("0263", "+262"), ("0269", "+262"), ("0692", "+262"), ("0693", "+262"), ("0639", "+262"),
        ("0590", "+590"), ("0690", "+590"), ("0691", "+590"), ("0594", "+594"), ("0694", "+594"), ("0596", "+596"), ("0696", "+596"), ("0697", "+596"),
        ("0508", "+508"),
    ];

    /// <inheritdoc/>
    public override string Name => "phone";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override int? MaxLength => 16;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var text = Punctuation().Replace((string)value, "");
        if (text.StartsWith("00", StringComparison.Ordinal))
            text = "+" + text[2..];
        else if (text.Length == 10 && text[0] == '0')
            text = (Overseas.FirstOrDefault(o => text.StartsWith(o.National, StringComparison.Ordinal)).International ?? "+33") + text[1..];
        fault = E164().IsMatch(text)
            ? null
            : Label.Of($"« {value} » n'est pas un numéro de téléphone (+33 3 24 00 00 00, ou 03 24 00 00 00).", $"\"{value}\" is not a phone number (+33 3 24 00 00 00, or 03 24 00 00 00).");
        return text;
    }

    [GeneratedRegex(@"\(0\)|[\s.\-()/]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"^\+[1-9]\d{5,14}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex E164();
}

/// <summary>A web address, http or https.</summary>
public sealed class UrlType : PlainFieldType<string>
{
    /// <inheritdoc/>
    public override string Name => "url";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override int? MaxLength => 2000;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var text = ((string)value).Trim();
        fault = text.Length <= 2000 && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? null
            : Label.Of($"« {text} » n'est pas une adresse web (https://…).", $"\"{text}\" is not a web address (https://…).");
        return text;
    }
}

/// <summary>A point on Earth in WGS 84 degrees.</summary>
/// <param name="Longitude">East of Greenwich, -180 to 180.</param>
/// <param name="Latitude">North of the equator, -90 to 90.</param>
public readonly record struct GeoPoint(double Longitude, double Latitude);

/// <summary>A point; in JSON <c>{"longitude": 4.6, "latitude": 49.7}</c>.</summary>
public sealed class GeoPointType : FieldType<GeoPoint>
{
    /// <inheritdoc/>
    public override string Name => "geoPoint";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Json;

    /// <inheritdoc/>
    public override object ToValue(GeoPoint value) =>
        Texts.Json(string.Create(CultureInfo.InvariantCulture, $$"""{"longitude":{{value.Longitude:R}},"latitude":{{value.Latitude:R}}}"""));

    /// <inheritdoc/>
    public override GeoPoint FromValue(object value)
    {
        var json = (JsonElement)value;
        return new(json.GetProperty("longitude").GetDouble(), json.GetProperty("latitude").GetDouble());
    }

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var json = (JsonElement)value;
        if (json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty("longitude", out var x) && x.ValueKind == JsonValueKind.Number && x.GetDouble() is >= -180 and <= 180 and var longitude
            && json.TryGetProperty("latitude", out var y) && y.ValueKind == JsonValueKind.Number && y.GetDouble() is >= -90 and <= 90 and var latitude)
        {
            fault = null;
            return ToValue(new(longitude, latitude));
        }
        fault = Label.Of("Un point s'écrit {\"longitude\": 4.6, \"latitude\": 49.7}, en degrés WGS 84.", "A point is written {\"longitude\": 4.6, \"latitude\": 49.7}, in WGS 84 degrees.");
        return value;
    }
}

/// <summary>A line or an area, as a GeoJSON geometry in WGS 84 (RFC 7946).</summary>
public sealed class GeoShapeType : PlainFieldType<JsonElement>
{
    private static readonly string[] Kinds = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"];

    /// <inheritdoc/>
    public override string Name => "geoShape";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Json;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var json = (JsonElement)value;
        fault = json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && Kinds.Contains(type.GetString())
            && json.TryGetProperty("coordinates", out var coordinates) && coordinates.ValueKind == JsonValueKind.Array
                ? null
                : Label.Of("Une forme s'écrit en GeoJSON : type et coordinates.", "A shape is written in GeoJSON: type and coordinates.");
        return value;
    }
}

/// <summary>A file that the store keeps, named by the hash of what is in it.</summary>
/// <param name="Hash">SHA-256, 64 hexadecimal digits in lower case.</param>
/// <param name="Name">As people call it, without a folder.</param>
/// <param name="MediaType">As in RFC 6838: <c>application/pdf</c>.</param>
/// <param name="Size">In bytes.</param>
public sealed record FileReference(string Hash, string Name, string MediaType, long Size);

/// <summary>A file; in JSON its reference.</summary>
public sealed partial class FileType : FieldType<FileReference>
{
    /// <inheritdoc/>
    public override string Name => "file";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Json;

    /// <inheritdoc/>
    public override object ToValue(FileReference value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("hash", value.Hash);
            writer.WriteString("name", value.Name);
            writer.WriteString("mediaType", value.MediaType);
            writer.WriteNumber("size", value.Size);
            writer.WriteEndObject();
        }
        return Texts.Json(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <inheritdoc/>
    public override FileReference FromValue(object value)
    {
        var json = (JsonElement)value;
        return new(json.GetProperty("hash").GetString()!, json.GetProperty("name").GetString()!, json.GetProperty("mediaType").GetString()!, json.GetProperty("size").GetInt64());
    }

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var json = (JsonElement)value;
        if (json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty("hash", out var hash) && hash.ValueKind == JsonValueKind.String && Sha256().IsMatch(hash.GetString()!)
            && json.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 and <= 255 } text && !text.Contains('/', StringComparison.Ordinal)
            && json.TryGetProperty("mediaType", out var media) && media.ValueKind == JsonValueKind.String
            && json.TryGetProperty("size", out var size) && size.TryGetInt64(out var bytes) && bytes >= 0)
        {
            fault = null;
            return ToValue(new(hash.GetString()!, text, media.GetString()!, bytes));
        }
        fault = Label.Of("Un fichier s'écrit {hash, name, mediaType, size}, comme l'envoi du fichier le répond.", "A file is written {hash, name, mediaType, size}, as sending the file answers.");
        return value;
    }

    [GeneratedRegex("^[0-9a-f]{64}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Sha256();
}

/// <summary>Any JSON, at most one mebibyte.</summary>
public sealed class JsonType : PlainFieldType<JsonElement>
{
    /// <inheritdoc/>
    public override string Name => "json";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Json;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        fault = Encoding.UTF8.GetByteCount(((JsonElement)value).GetRawText()) <= 1 << 20
            ? null
            : Label.Of("Le JSON dépasse 1 Mio.", "The JSON is over 1 MiB.");
        return value;
    }
}

internal static class Texts
{
    /// <summary>Trimmed and in normal form C, so that one text has one spelling.</summary>
    public static string Clean(string text)
    {
        try
        {
            return text.Trim().Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // A lone surrogate has no normal form: the replacement character stands for it.
            return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Trim())).Normalize(NormalizationForm.FormC);
        }
    }

    public static Label? TooLong(string text, int? most) => text.Length <= most || most is null
        ? null
        : Label.Of($"Le texte a {text.Length} caractères, {most} au plus sont admis.", $"The text has {text.Length} characters, at most {most} are allowed.");

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static string UpperSnake(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || i + 1 < name.Length && char.IsLower(name[i + 1])))
                snake.Append('_');
            snake.Append(char.ToUpperInvariant(name[i]));
        }
        return snake.ToString();
    }
}
