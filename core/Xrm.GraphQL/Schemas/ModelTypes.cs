using System.Collections.Immutable;
using GraphQL.Types;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.GraphQL.Running;
using Xrm.Sdk;

namespace Xrm.GraphQL.Schemas;

/// <summary>The model as data, for programs that build lists and forms from it: only what the reader may see.</summary>
/// <param name="attachments">Which know what the plugins are called.</param>
internal sealed class ModelTypes(SchemaParts parts, FactTypes facts, ImmutableArray<Attachment> attachments)
{
    private IGraphType Text => parts.Scalars.Text;

    private IGraphType Flag => parts.Scalars.Boolean.NonNull();

    private IGraphType Texts => Text.NonNullList();

    private IGraphType Label => facts.Label.NonNull();

    public ObjectGraphType Model => facts.Object<CompiledModel>("Model", "Ce que les modules installés décrivent. / What the installed plugins describe.", model => model
        .Add("version", parts.Scalars.Integer.NonNull(), m => (int)Math.Min(m.Version, int.MaxValue))
        .Add("plugins", Plugin.NonNullList(), (m, c) => m.Types.Where(c.Reader.Sees).Select(t => t.Plugin).Distinct().Select(Named), "Les modules dont on voit au moins un type de fiche. / The plugins of which the reader sees an entity type at least.")
        .Add("types", Type.NonNullList(), (m, c) => m.Types.Where(c.Reader.Sees))
        .Add("relationshipTypes", Relationship.NonNullList(), (m, c) => m.Relationships.Where(c.Reader.Sees))
        .Add("codeLists", CodeList.NonNullList(), (m, c) => m.CodeLists.Values.Where(l => Uses(m, l, c)).OrderBy(l => l.Name, StringComparer.Ordinal)));

    private ObjectGraphType Plugin => facts.Object<PluginFact>("ModelPlugin", "Un module qui décrit des fiches. / A plugin that describes entities.", plugin => plugin
        .Add("id", Text.NonNull(), p => p.Id)
        .Add("title", Label, p => p.Title));

    private PluginFact Named(string id) => new(id, attachments.FirstOrDefault(a => a.Plugin == id)?.Title ?? Xrm.Sdk.Label.Of(id, id));

    private ObjectGraphType Type => facts.Object<ModelType>("ModelEntityType", "Un type de fiche. / An entity type.", type => type
        .Add("name", Text.NonNull(), t => t.Name)
        .Add("label", Label, t => t.Label)
        .Add("plural", Text.NonNull(), t => t.Plural)
        .Add("pluralLabel", Label, t => t.PluralLabel)
        .Add("plugin", Text.NonNull(), t => t.Plugin)
        .Add("isDated", Flag, t => t.IsDated)
        .Add("canCreate", Flag, (t, c) => c.Reader.May(Rights.Create, t), "Si l'on peut en créer au moins certaines. / Whether the reader may make some at least.")
        .Add("canUpdate", Flag, (t, c) => c.Reader.May(Rights.Update, t), "Si l'on peut en modifier au moins certaines. / Whether the reader may change some at least.")
        .Add("canDelete", Flag, (t, c) => c.Reader.May(Rights.Delete, t), "Si l'on peut en supprimer au moins certaines. / Whether the reader may delete some at least.")
        .Add("displayFields", Texts, (t, c) => t.DisplayFields.Where(f => Sees(c, f)).Select(f => f.Name))
        .Add("listFields", Texts, (t, c) => t.ListFields.Where(f => Sees(c, f)).Select(f => f.Name), "Ce par quoi les pages rangent les fiches, sauf demande contraire. / What pages list things by unless another order is asked for.")
        .Add("fields", Field.NonNullList(), (t, c) => SchemaParts.Shown(t).Where(f => Sees(c, f)))
        .Add("ends", End.NonNullList(), (t, c) => t.Ends.Where(e => c.Reader.Sees(e.Relationship)))
        .Add("keys", facts.Object<ModelKey>("ModelKey", "Des champs uniques ensemble. / Fields unique together.", key => key
            .Add("name", Text.NonNull(), k => k.Name)
            .Add("fields", Texts, k => k.Fields.Select(f => f.Name))).NonNullList(), (t, c) => t.Keys.Where(k => k.Fields.All(f => !f.Description.IsHidden && Sees(c, f)))));

    private ObjectGraphType Field => facts.Object<ModelField>("ModelField", "Un champ. / A field.", described => described
        .Add("name", Text.NonNull(), f => f.Name)
        .Add("label", Label, f => f.Description.Label)
        .Add("help", facts.Label, f => f.Description.Help)
        .Add("plugin", Text.NonNull(), f => f.Plugin)
        .Add("type", Text.NonNull(), f => f.Description.Type.Name)
        .Add("shape", Shape.NonNull(), f => Names.Upper(f.Shape.ToString()))
        .Add("widget", Text, f => f.Description.Type.Widget, "Le type de champ du sdk dont les pages prennent l'affichage et la saisie ; null : selon type, puis shape. / The field type of the sdk whose view and input pages use; null: by type, then shape.")
        .Add("group", facts.Label, f => f.Description.Group, "L'intitulé sous lequel les pages le montrent ; null : parmi les champs généraux. / The heading under which pages show it; null: among the general fields.")
        .Add("isMany", Flag, f => f.IsMany)
        .Add("isRequired", Flag, f => f.Description.IsRequired)
        .Add("isUnique", Flag, f => f.Description.IsUnique)
        .Add("isSearchable", Flag, f => f.Description.IsSearchable)
        .Add("isComputed", Flag, f => f.Description.IsComputed)
        .Add("canWrite", Flag, (f, c) => c.Reader.MayWrite(f), "Si l'on peut lui donner une valeur, à la création ou plus tard, au moins dans certaines fiches ou relations. / Whether the reader may give it a value, in a new one or later, in some entities or relationships at least.")
        .Add("sensitivity", facts.Sensitivity.NonNull(), f => $"P{(int)f.Description.Sensitivity}")
        .Add("maxLength", parts.Scalars.Integer, f => f.Description.Type.MaxLength)
        .Add("default", parts.Scalars.Json, f => f.Description.Default)
        .Add("min", parts.Scalars.Json, f => f.Description.Min)
        .Add("max", parts.Scalars.Json, f => f.Description.Max)
        .Add("pattern", Text, f => f.Description.Pattern)
        .Add("patternRule", Text, f => f.Description.PatternRule, "La règle que nomme l'erreur d'une valeur qui ne suit pas le motif ; null : pattern. / The rule that the error of a value that does not match names; null: pattern.")
        .Add("patternMessage", facts.Label, f => f.Description.PatternMessage)
        .Add("codeList", Text, f => f.Description.Type.CodeList)
        .Add("options", Option.NonNullList(), f => f.Description.Type.Options)
        .Add("moves", facts.Object<Move>("ModelMove", "Un changement d'état possible. / An allowed change of state.", move => move
            .Add("name", Text.NonNull(), m => m.Name)
            .Add("label", Label, m => m.Label)
            .Add("from", Texts, m => m.From)
            .Add("to", Text.NonNull(), m => m.To)
            .Add("needs", Texts, m => m.Needs)).NonNullList(), f => f.Description.Type.Moves));

    private ObjectGraphType Relationship => facts.Object<ModelRelationship>("ModelRelationshipType", "Un type de relation. / A relationship type.", type => type
        .Add("name", Text.NonNull(), r => r.Name)
        .Add("label", Label, r => r.Label)
        .Add("inverseLabel", Label, r => r.Inverse)
        .Add("plugin", Text.NonNull(), r => r.Plugin)
        .Add("isDated", Flag, r => r.IsDated)
        .Add("isSymmetric", Flag, r => r.IsSymmetric)
        .Add("isRepeatable", Flag, r => r.IsRepeatable)
        .Add("canCreate", Flag, (r, c) => c.Reader.May(Rights.Create, r), "Si l'on peut relier au moins certaines fiches. / Whether the reader may relate some entities at least.")
        .Add("canUpdate", Flag, (r, c) => c.Reader.May(Rights.Update, r), "Si l'on peut en modifier ou terminer au moins certaines. / Whether the reader may change or end some at least.")
        .Add("canDelete", Flag, (r, c) => c.Reader.May(Rights.Delete, r), "Si l'on peut en supprimer au moins certaines. / Whether the reader may delete some at least.")
        .Add("source", End.NonNull(), r => r.Source)
        .Add("target", End.NonNull(), r => r.Target)
        .Add("fields", Field.NonNullList(), (r, c) => SchemaParts.Shown(r).Where(f => Sees(c, f))));

    private ObjectGraphType End => facts.Object<ModelEnd>("ModelEnd", "Une extrémité d'un type de relation. / An end of a relationship type.", end => end
        .Add("name", Text.NonNull(), e => e.Name)
        .Add("label", Label, e => e.Label)
        .Add("relationship", Text.NonNull(), e => e.Relationship.Name)
        .Add("isSource", Flag, e => e.IsSource)
        .Add("isToOne", Flag, e => e.IsToOne)
        .Add("isRequired", Flag, e => e.IsRequired)
        .Add("isDated", Flag, e => e.Relationship.IsDated)
        .Add("types", Texts, (e, c) => e.Types.Where(c.Reader.Sees).Select(t => t.Name))
        .Add("far", Texts, (e, c) => e.Far.Where(c.Reader.Sees).Select(t => t.Name)));

    private ObjectGraphType CodeList => facts.Object<CodeList>("ModelCodeList", "Une liste de codes. / A code list.", list => list
        .Add("name", Text.NonNull(), l => l.Name)
        .Add("label", Label, l => l.Label)
        .Add("codes", Option.NonNullList(), l => l.Codes));

    private ObjectGraphType Option => facts.Object<Option>("ModelOption", "Une valeur possible. / A possible value.", option => option
        .Add("name", Text.NonNull(), o => o.Name)
        .Add("label", Label, o => o.Label));

    private EnumerationGraphType Shape => parts.Once("Shape", () => parts.Enum("Shape", Xrm.Sdk.Label.Of("La forme d'une valeur", "The form of a value"), [.. Enum.GetNames<Shape>().Select(Names.Upper)]));

    /// <summary>Whether a field that the reader may see has codes of the list.</summary>
    private static bool Uses(CompiledModel model, CodeList list, Running.FactContext context) =>
        model.ByName.Values.Any(t => SchemaParts.Shown(t).Any(f => f.Description.Type.CodeList == list.Name && Sees(context, f)));

    private static bool Sees(Running.FactContext context, ModelField field) => context.Reader.Sees(field);
}
