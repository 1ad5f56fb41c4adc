using System.Collections.Immutable;
using System.Text;
using GraphQL.Types;
using GraphQLParser.AST;
using Xrm.Core.Storage;
using Xrm.GraphQL.Documents;
using Xrm.Sdk;
using FieldType = GraphQL.Types.FieldType;

namespace Xrm.GraphQL.Plans;

/// <summary>A field of one object type that is wanted under one response key, wherever in the document it is named.</summary>
/// <param name="Definition">Null for __typename.</param>
/// <param name="Syntax">All places that name it; the first counts for arguments.</param>
/// <param name="Sets">What is wanted of it.</param>
internal sealed record WantedField(string ResponseKey, FieldType? Definition, List<GraphQLField> Syntax, List<GraphQLSelectionSet> Sets)
{
    /// <summary>The response key as JSON with the colon.</summary>
    public byte[] Key { get; } = [.. JsonValue.Quote(ResponseKey), (byte)':'];
}

/// <summary>Merges selection sets into the fields wanted of an object type: fragments spread, directives obeyed.</summary>
internal sealed class Selections(Document document, IReadOnlyDictionary<string, object?> variables, GraphQLLimits limits)
{
    private const int MostSpreads = 200;
    private int _fields;

    public IReadOnlyList<WantedField> Of(IObjectGraphType type, IReadOnlyList<GraphQLSelectionSet> sets)
    {
        var wanted = new List<WantedField>();
        var byKey = new Dictionary<string, WantedField>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var set in sets)
            Collect(type, set, wanted, byKey, seen, 0);
        _fields += wanted.Count;
        if (_fields > limits.Fields)
            throw Refusal.Limit(
                $"L'opération demande plus de {limits.Fields} champs, fragments développés.",
                $"The operation asks for more than {limits.Fields} fields, fragments spread.", "fields", limits.Fields, _fields);
        return wanted;
    }

    /// <summary>The arguments of a field as values with holes.</summary>
    public static Arguments ArgumentsOf(WantedField wanted)
    {
        if (wanted.Syntax[0].Arguments is not { Count: > 0 } given)
            return Arguments.None;
        return new([.. given.Items.Select(a =>
        {
            var argument = wanted.Definition!.Arguments!.Find((string)a.Name.Value)!;
            return new KeyValuePair<string, object?>(argument.Name, Inputs.Read(argument.ResolvedType!, a.Value));
        })]);
    }

    public FieldPlace Place(WantedField wanted, FieldPlace? parent)
    {
        var path = parent?.Path ?? [];
        if (path.Length >= limits.Depth)
            throw Refusal.Limit(
                $"L'opération s'imbrique sur plus de {limits.Depth} niveaux.",
                $"The operation is more than {limits.Depth} levels deep.", "depth", limits.Depth, path.Length + 1, [document.PlaceOf(wanted.Syntax[0])]);
        return new(path.Add(wanted.ResponseKey), document.PlaceOf(wanted.Syntax[0]));
    }

    public static byte[] Typename(INamedType type) => JsonValue.Quote(type.Name);

    private void Collect(IObjectGraphType type, GraphQLSelectionSet set, List<WantedField> wanted, Dictionary<string, WantedField> byKey, HashSet<string> seen, int spreads)
    {
        if (spreads > MostSpreads)
            throw Refusal.Limit($"Plus de {MostSpreads} fragments s'appellent l'un l'autre.", $"More than {MostSpreads} fragments spread each other.", "fragments", MostSpreads);
        foreach (var selection in set.Selections)
        {
            if (!Switches.IsOn(selection, variables))
                continue;
            switch (selection)
            {
                case GraphQLField field:
                    var key = (string)(field.Alias?.Name ?? field.Name).Value;
                    if (!byKey.TryGetValue(key, out var one))
                    {
                        one = new(key, field.Name.Value == "__typename" ? null : Definition(type, field), [], []);
                        byKey.Add(key, one);
                        wanted.Add(one);
                    }
                    one.Syntax.Add(field);
                    if (field.SelectionSet is not null)
                        one.Sets.Add(field.SelectionSet);
                    break;
                case GraphQLFragmentSpread spread when seen.Add((string)spread.FragmentName.Name.Value):
                    var fragment = document.Fragments[(string)spread.FragmentName.Name.Value];
                    if (Applies(type, fragment.TypeCondition.Type.Name))
                        Collect(type, fragment.SelectionSet, wanted, byKey, seen, spreads + 1);
                    break;
                case GraphQLInlineFragment inline when inline.TypeCondition is null || Applies(type, inline.TypeCondition.Type.Name):
                    Collect(type, inline.SelectionSet, wanted, byKey, seen, spreads + 1);
                    break;
            }
        }
    }

    private FieldType Definition(IObjectGraphType type, GraphQLField field) =>
        type.GetField(field.Name.Value)
        ?? (field.Name.Value == "__schema" ? document.Schema.Types.SchemaMetaFieldType : document.Schema.Types.TypeMetaFieldType);

    private static bool Applies(IObjectGraphType type, GraphQLName condition) =>
        condition.Value == type.Name || type.ResolvedInterfaces.Any(i => condition.Value == i.Name);
}
