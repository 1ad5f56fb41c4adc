using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>Reads a map out of its JSON and checks it against the model: all that is wrong with it at once.</summary>
internal sealed class CsvMapReader
{
    private static readonly string[] OfEntities = ["separator", "encoding", "dates", "empty", "id", "match", "fields", "links"];
    private static readonly string[] OfRelationships = ["separator", "encoding", "dates", "empty", "id", "source", "target", "fields"];
    private static readonly string[] OfColumns = ["column", "value", "choices", "dates", "split", "clears"];

    private readonly Reader _reader;
    private readonly RecordType _type;
    private readonly List<Fault> _faults = [];
    private CsvColumn _template;

    private CsvMapReader(Reader reader, RecordType type, TimeZoneInfo zone) => (_reader, _type, _template) = (reader, type, new() { Zone = zone });

    /// <exception cref="Problem">Invalid: everything that is wrong with the map.</exception>
    public static CsvMap Read(string json, RecordType type, Reader reader, TimeZoneInfo zone)
    {
        var reading = new CsvMapReader(reader, type, zone);
        CsvMap map;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            map = reading.Map(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new Problem(ProblemCode.Invalid, Label.Of($"--map, ligne {e.LineNumber + 1} : ce n'est pas du JSON lisible.", $"--map, line {e.LineNumber + 1}: this is not readable JSON."), "map");
        }
        return reading._faults.Count > 0 ? throw new Problem(reading._faults) : map;
    }

    private CsvMap Map(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Wrong("", "un objet JSON est attendu", "a JSON object is expected");
            return new() { Type = _type };
        }
        Known(root, "", _type is ModelRelationship ? OfRelationships : OfEntities);
        _template = _template with
        {
            Dates = root.TryGetProperty("dates", out var dates) ? Texts(dates, "dates") : _template.Dates,
            Empty = root.TryGetProperty("empty", out var empty) ? Texts(empty, "empty").ToFrozenSet(StringComparer.OrdinalIgnoreCase) : _template.Empty,
        };
        var map = new CsvMap
        {
            Type = _type,
            Separator = Text(root, "separator", "") is { } separator ? separator.Length == 1 ? separator[0] : Wrong<char?>("separator", "un seul caractère est attendu", "one character is expected") : null,
            Encoding = Text(root, "encoding", ""),
            Id = root.TryGetProperty("id", out var id) ? Column(id, "id") : null,
            Fields = root.TryGetProperty("fields", out var fields) ? Fields(fields) : [],
        };
        if (_type is ModelRelationship relationship)
            return map with
            {
                Source = End(root, "source", relationship.Source.Types),
                Target = End(root, "target", relationship.IsSymmetric ? relationship.Source.Types : relationship.Target.Types),
            };
        var type = (ModelType)_type;
        return map with
        {
            Match = root.TryGetProperty("match", out var match) ? Match(type, Texts(match, "match"), map) : null,
            Links = root.TryGetProperty("links", out var links) ? Links(type, links) : [],
        };
    }

    private ImmutableArray<(ModelField, CsvColumn)> Fields(JsonElement fields)
    {
        var found = ImmutableArray.CreateBuilder<(ModelField, CsvColumn)>();
        foreach (var (name, value) in Members(fields, "fields"))
            if (_type.ByName.TryGetValue(name, out var field) && field.Description is { IsHidden: false, IsComputed: false } && _reader.Sees(field)
                && field.Builtin is Builtin.None or Builtin.ValidFrom or Builtin.ValidTo)
                found.Add((field, Column(value, "fields." + name)));
            else
                Wrong("fields." + name, $"{_type.Name} n'a pas de champ {name} à remplir ({Names(_type)})", $"{_type.Name} has no field {name} to fill in ({Names(_type)})");
        return found.ToImmutable();
    }

    private ImmutableArray<(ModelEnd, CsvReference)> Links(ModelType type, JsonElement links)
    {
        var found = ImmutableArray.CreateBuilder<(ModelEnd, CsvReference)>();
        foreach (var (name, value) in Members(links, "links"))
            if (type.EndsByName.TryGetValue(name, out var end) && end.IsToOne && _reader.Sees(end.Relationship))
            {
                if (Reference(value, "links." + name, end.Far) is { } reference)
                    found.Add((end, reference));
            }
            else
            {
                var known = string.Join(", ", type.Ends.Where(e => e.IsToOne).Select(e => e.Name));
                Wrong("links." + name, $"{type.Name} n'a pas de relation {name} vers une seule fiche ({known}) ; les autres s'importent par leur type de relation",
                    $"{type.Name} has no relationship {name} to one thing ({known}); others are imported by their relationship type");
            }
        return found.ToImmutable();
    }

    private CsvReference? End(JsonElement root, string name, ImmutableArray<ModelType> types) => root.TryGetProperty(name, out var value)
        ? Reference(value, name, types)
        : Wrong<CsvReference?>(name, "manque : une relation a deux bouts", "is missing: a relationship has two ends");

    private CsvReference? Reference(JsonElement value, string path, ImmutableArray<ModelType> types)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("key", out var key))
            return new(Column(value, path), null, []);
        Known(value, path, ["key", "type"]);
        var type = Text(value, "type", path) is { } name ? types.FirstOrDefault(t => t.Name == name) : types is [var only] ? only : null;
        if (type is null)
            return Wrong<CsvReference?>(path + ".type", $"attendu : {string.Join(", ", types.Select(t => t.Name))}", $"expected: {string.Join(", ", types.Select(t => t.Name))}");
        var members = Members(key, path + ".key").ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
        return Key(type, members.Keys) is { } found
            ? new(null, found, [.. found.Fields.Select(f => Column(members[f.Name], $"{path}.key.{f.Name}"))])
            : Wrong<CsvReference?>(path + ".key", NoKey(type, members.Keys).Fr, NoKey(type, members.Keys).En);
    }

    private ModelKey? Match(ModelType type, ImmutableArray<string> names, CsvMap map)
    {
        foreach (var name in names.Where(n => map.Fields.All(f => f.Field.Name != n)))
            Wrong("match", $"{name} n'est rempli par aucune colonne (fields)", $"{name} is filled in by no column (fields)");
        return Key(type, names) ?? Wrong<ModelKey?>("match", NoKey(type, names).Fr, NoKey(type, names).En);
    }

    private static ModelKey? Key(ModelType type, IReadOnlyCollection<string> fields) =>
        type.Keys.FirstOrDefault(k => k.Fields.Length == fields.Count && k.Fields.All(f => fields.Contains(f.Name)));

    private static Label NoKey(ModelType type, IEnumerable<string> fields)
    {
        var keys = type.Keys.IsEmpty ? "-" : string.Join(" ; ", type.Keys.Select(k => string.Join(" + ", k.Fields.Select(f => f.Name))));
        return Label.Of($"{string.Join(" + ", fields)} n'est pas une clé unique de {type.Name} ({keys})", $"{string.Join(" + ", fields)} is no unique key of {type.Name} ({keys})");
    }

    private CsvColumn Column(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String)
            return _template with { Name = value.GetString() };
        if (value.ValueKind != JsonValueKind.Object)
            return Wrong(path, "un nom de colonne, ou un objet avec column ou value, est attendu", "a column's name, or an object with column or value, is expected", _template);
        Known(value, path, OfColumns);
        var (column, constant) = (Text(value, "column", path), Text(value, "value", path));
        if (column is null == constant is null)
            Wrong(path, "column (un nom) ou value (une constante) est attendu, l'un des deux", "column (a name) or value (a constant) is expected, one of the two");
        return _template with
        {
            Name = column,
            Constant = constant,
            Choices = value.TryGetProperty("choices", out var choices)
                ? Members(choices, path + ".choices").ToFrozenDictionary(c => c.Name, c => c.Value.ToString(), StringComparer.OrdinalIgnoreCase)
                : null,
            Dates = value.TryGetProperty("dates", out var dates) ? Texts(dates, path + ".dates") : _template.Dates,
            Split = Text(value, "split", path) is { Length: > 0 } split ? split : _template.Split,
            Clears = value.TryGetProperty("clears", out var clears) && clears.ValueKind == JsonValueKind.True,
        };
    }

    private IEnumerable<(string Name, JsonElement Value)> Members(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return [.. value.EnumerateObject().Select(p => (p.Name, p.Value))];
        Wrong(path, "un objet JSON est attendu", "a JSON object is expected");
        return [];
    }

    private ImmutableArray<string> Texts(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String)
            return [value.GetString()!];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(v => v.GetString()!)];
        Wrong(path, "une liste de textes est attendue", "a list of texts is expected");
        return [];
    }

    private string? Text(JsonElement parent, string name, string path)
    {
        if (!parent.TryGetProperty(name, out var value))
            return null;
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            return value.ToString();
        return Wrong<string?>(path.Length == 0 ? name : $"{path}.{name}", "un texte est attendu", "a text is expected");
    }

    private void Known(JsonElement value, string path, string[] names)
    {
        foreach (var member in value.EnumerateObject().Where(m => !names.Contains(m.Name)))
            Wrong(path.Length == 0 ? member.Name : $"{path}.{member.Name}", $"inconnu ici ({string.Join(", ", names)})", $"unknown here ({string.Join(", ", names)})");
    }

    private string Names(RecordType type) => string.Join(", ", type.Fields.Where(f => f.Description is { IsHidden: false, IsComputed: false } && _reader.Sees(f)).Select(f => f.Name));

    private void Wrong(string path, string fr, string en) => _faults.Add(new(ProblemCode.Invalid, Label.Of(
        path.Length == 0 ? $"--map : {fr}." : $"--map, {path} : {fr}.", path.Length == 0 ? $"--map: {en}." : $"--map, {path}: {en}."), path));

    private T? Wrong<T>(string path, string fr, string en) => Wrong<T?>(path, fr, en, default);

    private T Wrong<T>(string path, string fr, string en, T instead)
    {
        Wrong(path, fr, en);
        return instead;
    }
}
