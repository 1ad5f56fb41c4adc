using System.Collections.Immutable;
using GraphQL;
using GraphQL.Types;
using GraphQLParser.AST;
using Xrm.GraphQL.Schemas;

namespace Xrm.GraphQL.Plans;

/// <summary>Compiles what is wanted of facts.</summary>
internal sealed class FactCompiler(Selections selections)
{
    public FactPlan Compile(IGraphType type, IReadOnlyList<GraphQLSelectionSet> sets, FieldPlace place)
    {
        var named = (IObjectGraphType)type.GetNamedType();
        var fields = ImmutableArray.CreateBuilder<FactField>();
        foreach (var wanted in selections.Of(named, sets))
        {
            if (wanted.Definition is null)
            {
                fields.Add(new(wanted.Key, Selections.Typename(named), null, null));
                continue;
            }
            var below = wanted.Sets.Count > 0 ? Compile(wanted.Definition.ResolvedType!, wanted.Sets, selections.Place(wanted, place)) : null;
            fields.Add(new(wanted.Key, [], ((Meaning.Fact)Meaning.Of(wanted.Definition)!).Get, below));
        }
        return new(fields.ToImmutable());
    }
}
