using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>Says in words what is different about a part of the model.</summary>
internal static class PartChanges
{
    private static readonly Label None = Label.Of("aucun", "none");
    private static readonly Label Dated = Label.Of("daté désormais", "dated from now on");
    private static readonly Label Undated = Label.Of("n'est plus daté", "no longer dated");

    /// <param name="was">A part of the same kind as <paramref name="now"/>.</param>
    public static IEnumerable<Label> Between(ModelPart was, ModelPart now) => (was, now) switch
    {
        (ModelPart.OfField before, ModelPart.OfField after) => FieldChanges.Between(before.Field, after.Field),
        (ModelPart.OfType before, ModelPart.OfType after) => Between(before.Type, after.Type),
        (ModelPart.OfRelationship before, ModelPart.OfRelationship after) => Between(before.Type, after.Type),
        (ModelPart.OfList before, ModelPart.OfList after) => Between(before.List, after.List),
        (ModelPart.OfRole before, ModelPart.OfRole after) => Between(before.Role, after.Role),
        _ => throw new ArgumentOutOfRangeException(nameof(now)),
    };

    /// <summary>The types that an end reached and no longer does.</summary>
    public static IEnumerable<string> Lost(EndDescription was, EndDescription now) => was.Types.Except(now.Types);

    private static IEnumerable<Label> Between(EntityTypeDescription was, EntityTypeDescription now) =>
    [
        .. Remarks.Renamed("libellé", "label", was.Label, now.Label),
        .. Remarks.Renamed("libellé au pluriel", "plural label", ModelNames.PluralLabel(was), ModelNames.PluralLabel(now)).Where(_ => was.PluralLabel != now.PluralLabel),
        .. Remarks.Changed("nom de liste dans GraphQL", "list name in GraphQL", ModelNames.Plural(was), ModelNames.Plural(now), None),
        .. Remarks.Turned(was.IsDated, now.IsDated, Dated, Undated),
        .. Remarks.Changed("nom affiché", "display name", Texts(was.DisplayFields), Texts(now.DisplayFields), Label.Of("premier texte", "first text")),
        .. Remarks.Changed("ordre des listes", "order of lists", Texts(was.ListFields), Texts(now.ListFields), Label.Of("nom affiché", "display name")),
        .. Remarks.Names(Label.Of("clés uniques ajoutées", "unique keys added"), Label.Of("clés uniques retirées", "unique keys taken away"), was.Keys.Select(k => string.Join("+", k)), now.Keys.Select(k => string.Join("+", k))),
    ];

    private static IEnumerable<Label> Between(RelationshipTypeDescription was, RelationshipTypeDescription now) =>
    [
        .. Remarks.Renamed("libellé", "label", was.Label, now.Label),
        .. Remarks.Renamed("libellé inverse", "inverse label", was.Inverse, now.Inverse),
        .. Remarks.Turned(was.IsDated, now.IsDated, Dated, Undated),
        .. Remarks.Turned(was.IsSymmetric, now.IsSymmetric, Label.Of("symétrique désormais", "symmetric from now on"), Label.Of("n'est plus symétrique", "no longer symmetric")),
        .. Remarks.Turned(was.IsRepeatable, now.IsRepeatable, Label.Of("plusieurs à la fois entre deux fiches désormais", "several at once between two things from now on"), Label.Of("plus qu'une à la fois entre deux fiches, désormais", "one at a time between two things from now on")),
        .. Between(was.Source, now.Source, Label.Of("source", "source")),
        .. now.IsSymmetric && was.IsSymmetric ? [] : Between(was.Target, now.Target, Label.Of("cible", "target")),
    ];

    private static IEnumerable<Label> Between(EndDescription was, EndDescription now, Label end)
    {
        IEnumerable<Label> changes =
        [
            .. Remarks.Changed("nom", "name", was.Name, now.Name, None),
            .. Remarks.Renamed("libellé", "label", was.Label, now.Label),
            .. Remarks.Turned(was.IsToOne, now.IsToOne, Label.Of("une seule relation à la fois désormais", "one relationship at a time from now on"), Label.Of("plusieurs relations à la fois désormais", "several relationships at a time from now on")),
            .. Remarks.Turned(was.IsRequired, now.IsRequired, Label.Of("relation obligatoire désormais", "relationship required from now on"), Label.Of("relation facultative désormais", "relationship optional from now on")),
            .. Remarks.Changed("à la suppression de la fiche", "when the thing is deleted", was.OnDelete.ToString(), now.OnDelete.ToString(), None),
            .. Remarks.Names(Label.Of("types ajoutés", "types added"), Label.Of("types retirés", "types taken away"), was.Types, now.Types),
        ];
        return changes.Select(c => Label.Of($"{end.Fr}, {c.Fr}", $"{end.En}, {c.En}"));
    }

    private static IEnumerable<Label> Between(CodeList was, CodeList now)
    {
        foreach (var label in Remarks.Renamed("libellé", "label", was.Label, now.Label))
            yield return label;
        foreach (var label in Remarks.Names(Label.Of("codes ajoutés", "codes added"), Label.Of("codes retirés", "codes taken away"), was.Codes.Select(c => c.Name), now.Codes.Select(c => c.Name)))
            yield return label;
        var renamed = now.Codes.Where(c => was.Codes.Any(b => b.Name == c.Name && b.Label != c.Label)).Select(c => c.Name).ToArray();
        if (renamed.Length > 0)
            yield return Label.Of($"libellés de codes modifiés : {string.Join(", ", renamed)}", $"labels of codes changed: {string.Join(", ", renamed)}");
    }

    private static IEnumerable<Label> Between(Role was, Role now)
    {
        foreach (var label in Remarks.Renamed("libellé", "label", was.Label, now.Label))
            yield return label;
        var types = was.Grants.Concat(now.Grants).Select(g => g.Type).Distinct().Where(t => !Grants(was, t).SequenceEqual(Grants(now, t))).ToArray();
        if (types.Length > 0)
            yield return Label.Of($"droits modifiés sur {string.Join(", ", types)}", $"rights changed on {string.Join(", ", types)}");
    }

    private static IEnumerable<string> Grants(Role role, string type) =>
        role.Grants.Where(g => g.Type == type).Select(g => ModelJson.ToJson(new ModelDescription("") { Roles = [role with { Label = None, Grants = [g] }] }));

    private static string? Texts(IReadOnlyCollection<string> names) => names.Count == 0 ? null : string.Join(" + ", names);
}
