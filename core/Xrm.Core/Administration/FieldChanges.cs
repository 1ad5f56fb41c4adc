using System.Globalization;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>Says in words what is different about a field.</summary>
internal static class FieldChanges
{
    private static readonly Label None = Label.Of("aucun", "none");
    private static readonly Label NoLimit = Label.Of("sans limite", "no limit");

    public static IEnumerable<Label> Between(FieldDescription was, FieldDescription now) =>
    [
        .. Remarks.Renamed("libellé", "label", was.Label, now.Label),
        .. Remarks.When(was.Help != now.Help, Label.Of("aide modifiée", "help changed")),
        .. Remarks.When(was.Group != now.Group, Label.Of("rubrique modifiée", "heading changed")),
        .. Remarks.Changed("affichage", "widget", was.Type.Widget, now.Type.Widget, None),
        .. Remarks.Changed("type", "type", was.Type.Name, now.Type.Name, None),
        .. Remarks.Turned(was.IsMany, now.IsMany, Label.Of("plusieurs valeurs désormais", "many values from now on"), Label.Of("une seule valeur désormais", "one value from now on")),
        .. Remarks.Changed("longueur maximale", "maximum length", Number(was.Type.MaxLength), Number(now.Type.MaxLength), NoLimit),
        .. Remarks.Turned(was.IsRequired, now.IsRequired, Label.Of("obligatoire désormais", "required from now on"), Label.Of("facultatif désormais", "optional from now on")),
        .. Remarks.Turned(was.IsUnique, now.IsUnique, Label.Of("unique désormais", "unique from now on"), Label.Of("n'est plus unique", "no longer unique")),
        .. Remarks.Turned(was.IsSearchable, now.IsSearchable, Label.Of("cherché désormais", "searched from now on"), Label.Of("n'est plus cherché", "no longer searched")),
        .. Remarks.Turned(was.IsHidden, now.IsHidden, Label.Of("caché désormais", "hidden from now on"), Label.Of("n'est plus caché", "no longer hidden")),
        .. Remarks.Turned(was.IsComputed, now.IsComputed, Label.Of("calculé désormais", "computed from now on"), Label.Of("n'est plus calculé", "no longer computed")),
        .. Remarks.Changed("sensibilité", "sensitivity", $"P{(int)was.Sensitivity}", $"P{(int)now.Sensitivity}", None),
        .. Remarks.Changed("valeur par défaut", "default value", Remarks.Plain(was.Default), Remarks.Plain(now.Default), Label.Of("aucune", "none")),
        .. Remarks.Changed("minimum", "minimum", Remarks.Plain(was.Min), Remarks.Plain(now.Min), None),
        .. Remarks.Changed("maximum", "maximum", Remarks.Plain(was.Max), Remarks.Plain(now.Max), None),
        .. Remarks.Changed("motif", "pattern", was.Pattern, now.Pattern, None),
        .. Remarks.Changed("liste de codes", "code list", was.Type.CodeList, now.Type.CodeList, Label.Of("aucune", "none")),
        .. Options(was, now),
        .. Remarks.When(!SameMoves(was, now), Label.Of("passages d'un état à l'autre modifiés", "moves between states changed")),
        .. Remarks.When(was.PatternRule != now.PatternRule || was.PatternMessage != now.PatternMessage, Label.Of("message du motif modifié", "message of the pattern changed")),
    ];

    /// <summary>Whether values that were allowed could be refused now.</summary>
    public static bool CouldRefuse(FieldDescription was, FieldDescription now) =>
        was.Type.Name != now.Type.Name
        || (now.Type.MaxLength ?? int.MaxValue) < (was.Type.MaxLength ?? int.MaxValue)
        || now.Type.CodeList is not null && was.Type.CodeList != now.Type.CodeList
        || !now.Type.Options.IsEmpty && (was.Type.Options.IsEmpty || was.Type.Options.Any(o => now.Type.Options.All(n => n.Name != o.Name)))
        || now.Min is not null && Remarks.Plain(was.Min) != Remarks.Plain(now.Min)
        || now.Max is not null && Remarks.Plain(was.Max) != Remarks.Plain(now.Max)
        || now.Pattern is not null && was.Pattern != now.Pattern;

    private static IEnumerable<Label> Options(FieldDescription was, FieldDescription now)
    {
        var (before, after) = (was.Type.Options, now.Type.Options);
        foreach (var label in Remarks.Names(Label.Of("choix ajoutés", "choices added"), Label.Of("choix retirés", "choices taken away"), before.Select(o => o.Name), after.Select(o => o.Name)))
            yield return label;
        var renamed = after.Where(o => before.Any(b => b.Name == o.Name && b.Label != o.Label)).Select(o => o.Name).ToArray();
        if (renamed.Length > 0)
            yield return Label.Of($"libellés de choix modifiés : {string.Join(", ", renamed)}", $"labels of choices changed: {string.Join(", ", renamed)}");
        var kept = before.Select(o => o.Name).Intersect(after.Select(o => o.Name));
        if (!kept.SequenceEqual(after.Select(o => o.Name).Intersect(before.Select(o => o.Name))))
            yield return Label.Of("ordre des choix modifié", "order of the choices changed");
    }

    private static bool SameMoves(FieldDescription was, FieldDescription now) =>
        was.Type.Moves.Length == now.Type.Moves.Length
        && was.Type.Moves.Zip(now.Type.Moves).All(m => m.First.Name == m.Second.Name && m.First.Label == m.Second.Label && m.First.To == m.Second.To
            && m.First.From.SequenceEqual(m.Second.From) && m.First.Needs.SequenceEqual(m.Second.Needs));

    private static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
