using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Fields;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Forms;

/// <summary>What stands in a form for one field: what was typed, as it was typed, and what is wrong with it.</summary>
public sealed class Entry
{
    private readonly FieldScope _scope;
    private ImmutableArray<string> _looked;
    private int _lastRow;

    internal Entry(ModelField field, StaffModel model, Language language, object? was)
    {
        _scope = new(field, model, language);
        Was = was;
        Set(Written(was));
    }

    public ModelField Field => _scope.Field;

    /// <summary>The value it had when it was read; null when none.</summary>
    public object? Was { get; private set; }

    /// <summary>What was typed: one text, or one for each of many values.</summary>
    public ImmutableArray<string> Texts { get; private set; }

    /// <summary>A number for each of the texts that stays with it when others come and go.</summary>
    public ImmutableArray<int> Rows { get; private set; } = [];

    /// <summary>What is wrong; empty when nothing is known to be.</summary>
    public ImmutableArray<Label> Faults { get; set; } = [];

    /// <summary>Whether it was looked at as it stands here: what the server says of it since holds until something else is typed.</summary>
    public bool IsLookedAt => Texts == _looked;

    /// <summary>Whether what was typed means something else than the value it had.</summary>
    public bool IsChanged => !Same(Value(out var isWrong), Was) || isWrong;

    /// <summary>Takes what was typed. What was wrong is right until it is looked at again.</summary>
    public void Type(int at, string text) => Texts = Texts.SetItem(at, text);

    public void Type(ImmutableArray<string> texts) => Set(texts);

    public void Add() => Set(Texts.Add(""));

    public void Remove(int at)
    {
        (Texts, Rows) = (Texts.RemoveAt(at), Rows.RemoveAt(at));
        Faults = [];
    }

    /// <summary>Looks at what was typed, and keeps what is wrong with it.</summary>
    /// <param name="isFinal">Whether it is about to be saved: only then something may be missing.</param>
    public void Check(bool isFinal)
    {
        _looked = Texts;
        var faults = ImmutableArray.CreateBuilder<Label>();
        var any = false;
        foreach (var text in Texts)
        {
            any |= FieldCheck.Read(_scope, text, out var fault) is not null || fault is not null;
            if (fault is not null)
                faults.Add(fault);
        }
        if (!any && isFinal && Field.IsRequired)
            faults.Add(FieldCheck.Missing);
        Faults = faults.ToImmutable();
    }

    /// <summary>The value that was typed; null for none.</summary>
    /// <param name="isWrong">Whether some of it means nothing: then the value is of the rest.</param>
    public object? Value(out bool isWrong)
    {
        isWrong = false;
        var read = ImmutableArray.CreateBuilder<object>();
        foreach (var text in Texts)
        {
            if (FieldCheck.Read(_scope, text, out var fault) is { } value)
                read.Add(value);
            isWrong |= fault is not null;
        }
        if (Field.IsMany)
            return read.Count == 0 ? null : read.ToImmutable();
        return read.Count == 0 ? null : read[0];
    }

    /// <summary>Takes a value in place of what was typed.</summary>
    public void Put(object? value)
    {
        Set(Written(value));
        Faults = [];
    }

    /// <summary>Takes another value as the one it had, and leaves what was typed.</summary>
    public void Rest(object? was) => Was = was;

    /// <summary>A value as people read it; empty for none.</summary>
    public string Show(object? value) => FieldKinds.Show(_scope, value);

    /// <summary>Whether two values are the same once they are kept.</summary>
    public static bool Same(object? left, object? right) => JsonNode.DeepEquals(ShapeJson.Write(left), ShapeJson.Write(right));

    private void Set(ImmutableArray<string> texts)
    {
        Texts = texts;
        while (Rows.Length < texts.Length)
            Rows = Rows.Add(++_lastRow);
        Rows = Rows[..texts.Length];
    }

    private ImmutableArray<string> Written(object? value) => value switch
    {
        ImmutableArray<object> many => [.. many.Select(One)],
        null => Field.IsMany ? [] : [""],
        _ => [One(value)],
    };

    private string One(object value) => FieldKinds.Of(Field).Write(_scope, value);
}
