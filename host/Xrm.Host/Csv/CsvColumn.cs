using System.Buffers.Text;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Xml;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>Where a value comes from: a column, or a constant; and how its text is to be read.</summary>
internal sealed record CsvColumn
{
    private static readonly FrozenDictionary<string, bool> Booleans = new Dictionary<string, bool>
    {
        ["true"] = true, ["1"] = true, ["vrai"] = true, ["oui"] = true, ["o"] = true, ["yes"] = true, ["y"] = true, ["x"] = true,
        ["false"] = false, ["0"] = false, ["faux"] = false, ["non"] = false, ["n"] = false, ["no"] = false,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd", "dd/MM/yyyy HH:mm:ss", "dd/MM/yyyy HH:mm", "dd/MM/yyyy"];

    private const string Universal = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private const string Iso = "yyyy-MM-dd";

    private readonly string[] _dates = [Iso, "dd/MM/yyyy"];
    private readonly string[] _moments = [.. Moments, "yyyy-MM-dd", "dd/MM/yyyy"];
    /// <summary>Whether a format of the map's own may mean texts that end in Z.</summary>
    private readonly bool _readsUniversal;

    /// <summary>The column's name; null for a constant.</summary>
    public string? Name { get; init; }
    /// <summary>Its place, from 0; known once the header is read.</summary>
    public int Index { get; init; } = -1;
    /// <summary>The text of every row instead of a column's.</summary>
    public string? Constant { get; init; }
    /// <summary>What stands for which text; a text that is not in it stays as it is. Null = nothing is translated.</summary>
    public FrozenDictionary<string, string>? Choices { get; init; }
    /// <summary>Day formats in .NET's terms.</summary>
    public ImmutableArray<string> Dates
    {
        get => [.. _dates];
        init => (_dates, _moments, _readsUniversal) = ([.. value], [.. Moments, .. value], value.Any(d => d.Contains('Z', StringComparison.Ordinal) || d.Contains('K', StringComparison.Ordinal)));
    }
    /// <summary>Between the values of a field that has several.</summary>
    public string Split { get; init; } = "|";
    /// <summary>Whether an empty cell empties the field of a thing that is there; otherwise it leaves it as it is.</summary>
    public bool Clears { get; init; }
    /// <summary>Texts that stand for no value.</summary>
    public FrozenSet<string> Empty { get; init; } = FrozenSet<string>.Empty;
    /// <summary>The zone of moments that name none.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The text of a row; null for none.</summary>
    public string? Text(CsvLines.CsvCells cells)
    {
        var text = (Constant ?? cells.Text(Index)).Trim();
        return text.Length == 0 || Empty.Contains(text) ? null : Choices?.GetValueOrDefault(text) ?? text;
    }

    /// <summary>The id that a row gives in the form in which ids are always written: most do, and no text is made of it then.</summary>
    /// <returns>False for whatever else <see cref="Text"/> may tell.</returns>
    public bool TryId(CsvLines.CsvCells cells, out EntityId id)
    {
        id = default;
        if (Constant is not null || Choices is not null || Empty.Count > 0)
            return false;
        var cell = cells.Cell(Index);
        if (!Utf8Parser.TryParse(cell, out Guid value, out var read, 'D') || read != cell.Length || cell.ContainsAnyInRange((byte)'A', (byte)'F'))
            return false;
        id = new(value);
        return true;
    }

    /// <summary>A text as a value in the CLR form of a shape.</summary>
    /// <returns>Null when it cannot be read so.</returns>
    public object? Read(string text, Shape shape, bool many)
    {
        if (!many)
            return ReadOne(text, shape);
        var values = ImmutableArray.CreateBuilder<object>();
        foreach (var part in text.Split(Split, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (ReadOne(Choices?.GetValueOrDefault(part) ?? part, shape) is { } value)
                values.Add(value);
            else
                return null;
        return values.ToImmutable();
    }

    private object? ReadOne(string text, Shape shape) => shape switch
    {
        Shape.Text => text,
        Shape.Boolean => Booleans.TryGetValue(text, out var flag) ? flag : null,
        Shape.Integer => int.TryParse(Plain(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        Shape.Decimal => decimal.TryParse(Plain(text).Replace(',', '.'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null,
        Shape.Date => _dates[0] == Iso && IsoText.TryDay(text, out var day) ? day
            : DateOnly.TryParseExact(text, _dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out day) ? day : null,
        Shape.DateTime => Moment(text),
        Shape.Duration => Duration(text),
        _ => Json(text),
    };

    private static string Plain(string text) => text.Replace(" ", "", StringComparison.Ordinal).Replace("\u00A0", "", StringComparison.Ordinal).Replace("\u202F", "", StringComparison.Ordinal);

    private DateTimeOffset? Moment(string text)
    {
        // What computers write, tried first; a format of the map's own that ends so may mean something else.
        if (text[^1] == 'Z' && !_readsUniversal
            && (IsoText.TryUniversal(text, out var universal) || DateTimeOffset.TryParseExact(text, Universal, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out universal)))
            return universal;
        if (DateTime.TryParseExact(text, _moments, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
            return Zone.IsInvalidTime(wall) ? null : new DateTimeOffset(wall, Zone.GetUtcOffset(wall)).ToUniversalTime();
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime() : null;
    }

    private static TimeSpan? Duration(string text)
    {
        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (FormatException)
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;
        }
    }

    private static JsonElement? Json(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Which thing a row means: by its id, or by a unique key.</summary>
/// <param name="Id">Where its id is; null when it is found by key.</param>
/// <param name="Key">The key; null when it is found by id.</param>
/// <param name="Columns">Where the values of the key's fields are, in the key's order.</param>
internal sealed record CsvReference(CsvColumn? Id, Core.Model.ModelKey? Key, ImmutableArray<CsvColumn> Columns);
