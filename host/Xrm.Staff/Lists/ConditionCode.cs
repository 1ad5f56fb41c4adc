using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Model;

namespace Xrm.Staff.Lists;

/// <summary>Conditions as short texts: <c>familyName.starts:Dup;mandates.some@2024-01-01(mandateType.in:mayor,deputy)</c>. A <c>~</c> takes the meaning from the sign behind it.</summary>
internal sealed class ConditionCode
{
    private const string Signs = "~;(),";
    private const int Deepest = 4;

    private readonly StaffModel _model;
    private readonly string _text;
    private int _at;

    private ConditionCode(StaffModel model, string text)
    {
        _model = model;
        _text = text;
    }

    public static string Write(ImmutableArray<Condition> conditions) => string.Join(';', conditions.Select(Write));

    /// <summary>Reads conditions on the things of a type.</summary>
    /// <param name="fault">What could not be understood; null when all was. What stands before it is answered.</param>
    public static ImmutableArray<Condition> Read(StaffModel model, ModelType type, string text, out Label? fault)
    {
        var reader = new ConditionCode(model, text);
        var conditions = ImmutableArray.CreateBuilder<Condition>();
        fault = null;
        try
        {
            reader.All(type, conditions, 1);
            if (reader._at < text.Length)
                throw reader.Wrong();
        }
        catch (FormatException wrong)
        {
            fault = Label.Of($"Un filtre de l'adresse n'a pas été compris : « {wrong.Message} ».", $"A filter in the address was not understood: \"{wrong.Message}\".");
        }
        return conditions.ToImmutable();
    }

    private static string Write(Condition condition) => condition switch
    {
        Condition.OfField field => $"{field.Field}.{Asking.Code(field.How)}{(field.Values.IsEmpty ? "" : ":" + string.Join(',', field.Values.Select(v => Escaped(Plain(v)))))}",
        Condition.OfEnd end => $"{end.End}.{(end.IsNone ? "none" : "some")}{Write(end.During)}{(end.Beyond.IsEmpty ? "" : $"({Write(end.Beyond)})")}",
        _ => throw new InvalidOperationException("No such condition."),
    };

    private static string Write(Period? during) => during switch
    {
        null => "",
        { From: null, To: null } => "@always",
        { From: { } from } => "@" + ListAddress.Day(from),
        _ => "",
    };

    private static string Plain(object value) => ShapeJson.Write(value) is { } json ? json.GetValueKind() == JsonValueKind.String ? json.GetValue<string>() : json.ToJsonString() : "";

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var sign in text)
            (Signs.Contains(sign, StringComparison.Ordinal) ? escaped.Append('~') : escaped).Append(sign);
        return escaped.ToString();
    }

    private void All(ModelType type, ImmutableArray<Condition>.Builder into, int depth)
    {
        if (depth > Deepest)
            throw Wrong();
        do
            into.Add(One(type, depth));
        while (Take(';'));
    }

    private Condition One(ModelType type, int depth)
    {
        var begin = _at;
        var name = Until(".");
        if (!Take('.'))
            throw Wrong(begin);
        var how = Until(":@(;)");
        if (type.End(name) is { } end && how is "some" or "none")
            return OfEnd(type.End(name)!, how == "none", depth, begin);
        if (ListFields.Find(type, name) is not { } field || !ListFields.CanFilter(field) || Asking.Named(how) is not { } asked || !Asking.Of(_model, field).Contains(asked))
            throw Wrong(begin);
        if (!Asking.HasValue(asked))
            return new Condition.OfField(name, asked, []);
        if (!Take(':'))
            throw Wrong(begin);
        var values = ImmutableArray.CreateBuilder<object>();
        do
            values.Add(Value(field, begin));
        while (asked == Asked.OneOf && Take(','));
        return new Condition.OfField(name, asked, values.ToImmutable());
    }

    private Condition.OfEnd OfEnd(ModelEnd end, bool isNone, int depth, int begin)
    {
        Period? during = null;
        if (Take('@'))
        {
            var day = Until("(;)");
            during = day == "always" ? Period.Always : ListAddress.ReadDay(day) is { } one ? new Period(one, one.AddDays(1)) : throw Wrong(begin);
        }
        var beyond = ImmutableArray.CreateBuilder<Condition>();
        if (Take('('))
        {
            if (end.Far.Length != 1 || !_model.ByName.TryGetValue(end.Far[0], out var far))
                throw Wrong(begin);
            All(far, beyond, depth + 1);
            if (!Take(')'))
                throw Wrong(begin);
        }
        return new(end.Name, isNone, beyond.ToImmutable()) { During = during };
    }

    private object Value(ModelField field, int begin)
    {
        var text = Unescaped();
        try
        {
            var json = field.Shape is Shape.Boolean or Shape.Integer ? text : JsonValue.Create(text)!.ToJsonString();
            using var parsed = JsonDocument.Parse(json);
            return ShapeJson.Read(field.Shape, false, parsed.RootElement) ?? throw Wrong(begin);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or OverflowException || e is FormatException && text.Length > 0)
        {
            throw Wrong(begin);
        }
    }

    private string Until(string signs)
    {
        var begin = _at;
        while (_at < _text.Length && !signs.Contains(_text[_at], StringComparison.Ordinal))
            _at++;
        return _text[begin.._at];
    }

    private string Unescaped()
    {
        var text = new StringBuilder();
        while (_at < _text.Length && (_text[_at] == '~' || !Signs.Contains(_text[_at], StringComparison.Ordinal)))
        {
            if (_text[_at] == '~' && _at + 1 < _text.Length)
                _at++;
            text.Append(_text[_at++]);
        }
        return text.ToString();
    }

    private bool Take(char sign)
    {
        if (_at >= _text.Length || _text[_at] != sign)
            return false;
        _at++;
        return true;
    }

    private FormatException Wrong(int? begin = null) => new(_text[Math.Min(begin ?? _at, _text.Length)..]);
}
