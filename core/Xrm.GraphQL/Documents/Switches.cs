using System.Collections.Immutable;
using GraphQLParser.AST;

namespace Xrm.GraphQL.Documents;

/// <summary>@skip and @include: which variables they ask, and what they say.</summary>
internal static class Switches
{
    /// <summary>The variables that some @skip or @include of an operation asks, in no particular order but always the same.</summary>
    public static ImmutableArray<string> Of(Document document, GraphQLOperationDefinition operation)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        Collect(operation.SelectionSet);
        foreach (var fragment in document.Fragments.Values)
            Collect(fragment.SelectionSet);
        return [.. names];

        void Collect(GraphQLSelectionSet? set)
        {
            foreach (var selection in set?.Selections ?? [])
            {
                foreach (var directive in (selection as IHasDirectivesNode)?.Directives ?? Enumerable.Empty<GraphQLDirective>())
                    foreach (var argument in directive.Arguments ?? Enumerable.Empty<GraphQLArgument>())
                        if (argument.Value is GraphQLVariable variable)
                            names.Add((string)variable.Name.Value);
                Collect((selection as IHasSelectionSetNode)?.SelectionSet);
            }
        }
    }

    /// <summary>Whether a selection is wanted.</summary>
    public static bool IsOn(ASTNode selection, IReadOnlyDictionary<string, object?> variables)
    {
        if ((selection as IHasDirectivesNode)?.Directives is not { Count: > 0 } directives)
            return true;
        foreach (var directive in directives)
        {
            var isSkip = directive.Name.Value == "skip";
            if (!isSkip && directive.Name.Value != "include")
                continue;
            var value = directive.Arguments?.Items[0].Value switch
            {
                GraphQLBooleanValue boolean => boolean.BoolValue,
                GraphQLVariable variable => variables.GetValueOrDefault((string)variable.Name.Value) is true,
                _ => !isSkip,
            };
            if (value == isSkip)
                return false;
        }
        return true;
    }
}
