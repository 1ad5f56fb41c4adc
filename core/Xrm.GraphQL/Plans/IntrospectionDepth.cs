using System.Collections.Immutable;
using GraphQLParser.AST;
using Xrm.GraphQL.Documents;

namespace Xrm.GraphQL.Plans;

/// <summary>Keeps introspection from going round in circles: the lists that lead from types to types may lie in each other only so often.</summary>
internal static class IntrospectionDepth
{
    private const int Most = 3;

    /// <exception cref="Refusal">They lie in each other more often.</exception>
    public static void Check(Document document, ImmutableArray<RootPlan> roots)
    {
        foreach (var field in roots.SelectMany(r => r.Introspection))
            Walk(field.SelectionSet, 0, [], document, field);
    }

    private static void Walk(GraphQLSelectionSet? set, int lists, ImmutableHashSet<string> spreads, Document document, GraphQLField root)
    {
        foreach (var selection in set?.Selections ?? [])
            switch (selection)
            {
                case GraphQLField field:
                    var deeper = field.Name.StringValue is "fields" or "inputFields" or "interfaces" or "possibleTypes" ? lists + 1 : lists;
                    if (deeper >= Most)
                        throw Refusal.Limit(
                            $"L'introspection imbrique {Most} fois les listes de champs ou de types ; {Most - 1} sont admises.",
                            $"The introspection nests lists of fields or types {Most} times; {Most - 1} are allowed.", "introspection", Most - 1, Most, [document.PlaceOf(root)]);
                    Walk(field.SelectionSet, deeper, spreads, document, root);
                    break;
                case GraphQLInlineFragment inline:
                    Walk(inline.SelectionSet, lists, spreads, document, root);
                    break;
                case GraphQLFragmentSpread spread when !spreads.Contains(spread.FragmentName.Name.StringValue):
                    var name = spread.FragmentName.Name.StringValue;
                    Walk(document.Fragments[name].SelectionSet, lists, spreads.Add(name), document, root);
                    break;
            }
    }
}
