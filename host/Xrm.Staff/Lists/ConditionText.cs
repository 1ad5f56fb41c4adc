using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Fields;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Lists;

/// <summary>Conditions and orders as people read them.</summary>
internal static class ConditionText
{
    public static string Of(StaffModel model, Language language, ModelType type, Condition condition) => condition switch
    {
        Condition.OfField field => Of(model, language, ListFields.Find(type, field.Field)!, field),
        Condition.OfEnd end => Of(model, language, type.End(end.End)!, end),
        _ => "",
    };

    /// <summary>« Nom, puis Date de naissance décroissante ».</summary>
    public static string Of(Language language, ModelType type, ImmutableArray<Order> orders) => string.Join(language[Label.Of(", puis ", ", then ")], orders.Select(o =>
        language[ListFields.Find(type, o.Field)!.Label] + " " + language[Direction(ListFields.Find(type, o.Field)!, o.Descending)]));

    /// <summary>What a direction means for values of a field.</summary>
    public static Label Direction(ModelField field, bool descending) => field.Shape switch
    {
        Shape.Text when field.Options.IsEmpty && field.CodeList is null => descending ? Label.Of("(Z à A)", "(Z to A)") : Label.Of("(A à Z)", "(A to Z)"),
        Shape.Date or Shape.DateTime => descending ? Label.Of("(du plus récent au plus ancien)", "(newest first)") : Label.Of("(du plus ancien au plus récent)", "(oldest first)"),
        _ => descending ? Label.Of("(décroissant)", "(descending)") : Label.Of("(croissant)", "(ascending)"),
    };

    private static string Of(StaffModel model, Language language, ModelField field, Condition.OfField asked)
    {
        var words = $"{language[field.Label]} {language[Asking.Words(model, field, asked.How)]}";
        if (asked.Values.IsEmpty)
            return words;
        var scope = new FieldScope(field, model, language);
        var isText = field.Shape == Shape.Text && !Asking.IsChoice(model, field);
        return words + " " + string.Join(language[Label.Of(" ou ", " or ")], asked.Values.Select(v =>
            isText ? language[Label.Of($"« {v} »", $"“{v}”")] : FieldKinds.Of(field).Show(scope, v)));
    }

    private static string Of(StaffModel model, Language language, ModelEnd end, Condition.OfEnd asked)
    {
        var label = language[end.Label];
        var words = (end.IsToOne, asked.IsNone, asked.Beyond.IsEmpty) switch
        {
            (true, false, true) => language[Label.Of($"{label} : il y en a", $"{label}: there is one")],
            (true, false, false) => language[Label.Of($"{label} :", $"{label}:")],
            (_, true, true) => language[Label.Of($"{label} : il n'y en a pas", $"{label}: there are none")],
            (_, true, false) => language[Label.Of($"{label} : pas avec", $"{label}: none with")],
            (_, _, true) => language[Label.Of($"{label} : au moins un lien", $"{label}: at least one")],
            _ => language[Label.Of($"{label} : au moins un avec", $"{label}: at least one with")],
        };
        if (!asked.Beyond.IsEmpty && end.Far is [var name] && model.ByName.TryGetValue(name, out var far))
            words += " " + string.Join(language[Label.Of(" et ", " and ")], asked.Beyond.Select(b => Of(model, language, far, b)));
        return words + asked.During switch
        {
            null => "",
            { From: { } day } => language[Label.Of($", le {language.Day(day)}", $", on {language.Day(day)}")],
            _ => language[Label.Of(", à n'importe quelle date", ", on any day")],
        };
    }
}
