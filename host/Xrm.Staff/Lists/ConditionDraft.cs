using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Fields;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Lists;

/// <summary>A condition while it is written: what was typed stands as it was typed.</summary>
public sealed class ConditionDraft(StaffModel model, ModelType type)
{
    public StaffModel Model => model;

    /// <summary>On the things of which type.</summary>
    public ModelType Type => type;

    /// <summary>The name of a field or an end; empty = not chosen yet.</summary>
    public string What { get; private set; } = "";
    internal Asked How { get; set; }
    public string Text { get; set; } = "";
    public HashSet<string> Picked { get; } = new(StringComparer.Ordinal);
    public bool IsNone { get; set; }
    /// <summary>Empty = the list's own, <c>always</c>, or <c>day</c>.</summary>
    public string When { get; set; } = "";
    public string Day { get; set; } = "";
    public List<ConditionDraft> Beyond { get; } = [];
    public Label? Fault { get; private set; }

    public ModelField? Field => What.Length == 0 ? null : ListFields.Find(type, What);

    public ModelEnd? End => Field is null ? type.End(What) : null;

    /// <summary>The type beyond the end, where conditions on its things can be asked; null when there are several.</summary>
    public ModelType? Far => End is { Far: [var name] } && model.ByName.TryGetValue(name, out var far) ? far : null;

    /// <summary>Whether a day can be told apart from the list's own.</summary>
    public bool HasDay => End is { IsToOne: false } end && (end.IsDated || Far is { IsDated: true });

    internal static ConditionDraft Of(StaffModel model, Language language, ModelType type, Condition? condition)
    {
        var draft = new ConditionDraft(model, type);
        switch (condition)
        {
            case Condition.OfField field:
                draft.Choose(field.Field);
                draft.How = field.How;
                if (field.How == Asked.OneOf)
                    draft.Picked.UnionWith(field.Values.OfType<string>());
                else if (field.Values is [var value] && draft.Field is { } asked)
                    draft.Text = FieldKinds.Of(asked).Write(new(asked, model, language), value);
                break;
            case Condition.OfEnd end:
                draft.Choose(end.End);
                draft.IsNone = end.IsNone;
                draft.When = end.During switch { null => "", { From: null } => "always", _ => "day" };
                draft.Day = end.During?.From is { } day ? ListAddress.Day(day) : "";
                if (draft.Far is { } far)
                    draft.Beyond.AddRange(end.Beyond.Select(b => Of(model, language, far, b)));
                break;
        }
        return draft;
    }

    /// <summary>Asks of something else: what was typed for another kind of value is gone.</summary>
    public void Choose(string what)
    {
        What = what;
        (Text, When, Day, IsNone, Fault) = ("", "", "", false, null);
        Picked.Clear();
        Beyond.Clear();
        if (Field is { } field)
            How = Asking.Of(model, field)[0];
    }

    /// <summary>What is written; null when something is wrong or missing, which is then told by <see cref="Fault"/>, here or beyond.</summary>
    internal Condition? Read(Language language)
    {
        Fault = null;
        if (Field is { } field)
            return OfField(field, language);
        if (End is not { } end)
            return Wrong("Choisissez ce qu'il faut filtrer.", "Choose what to filter by.");
        Period? during = null;
        if (When == "always")
            during = Period.Always;
        else if (When == "day")
        {
            if (ListAddress.ReadDay(Day) is not { } day)
                return Wrong("Choisissez un jour.", "Choose a day.");
            during = new Period(day, day.AddDays(1));
        }
        var beyond = Beyond.Select(b => b.Read(language)).ToArray();
        return beyond.Any(b => b is null) ? null : new Condition.OfEnd(end.Name, IsNone, [.. beyond.OfType<Condition>()]) { During = during };
    }

    private Condition.OfField? OfField(ModelField field, Language language)
    {
        if (!Asking.HasValue(How))
            return new(field.Name, How, []);
        if (How == Asked.OneOf)
            return Picked.Count > 0 ? new(field.Name, How, [.. model.Options(field).Select(o => o.Name).Where(Picked.Contains)]) : Missing();
        if (Text.Trim().Length == 0)
            return Missing();
        var value = FieldKinds.Of(field).Read(new(field, model, language), Text, out var fault);
        // Of a text its beginning or a part is asked for, which need not be a whole one.
        if (value is null && field.Shape == Shape.Text)
            (value, fault) = (Text.Trim(), null);
        Fault = fault;
        return value is null ? null : new(field.Name, How, [value]);

        Condition.OfField? Missing()
        {
            Wrong("Indiquez une valeur.", "Give a value.");
            return null;
        }
    }

    private Condition? Wrong(string french, string english)
    {
        Fault = Label.Of(french, english);
        return null;
    }
}
