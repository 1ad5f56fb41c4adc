using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;
using static Xrm.GraphQL.Schemas.SchemaFields;

namespace Xrm.GraphQL.Schemas;

/// <summary>Makes the root of subscriptions: the log, and a field for each entity type.</summary>
internal static class SubscriptionTypes
{
    public static ObjectGraphType Root(SchemaParts parts, FactTypes facts)
    {
        var root = new ObjectGraphType { Name = "Subscription" };
        root.Add("changes", facts.Change.NonNull(), "Le journal, à partir d'un curseur, sinon de maintenant. / The log from a cursor, else from now on.", new Meaning.Changes(),
            Argument("after", parts.Scalars.Text),
            Argument("types", new ListGraphType(parts.Scalars.Text.NonNull()), "Types de fiches et de relations, ou « Model » ; null = tous. / Types of entities and relationships, or \"Model\"; null = all."));
        foreach (var type in parts.Model.Types)
            if (!root.HasField(Names.Camel(type.Name)))
                root.Add(Names.Camel(type.Name), parts.Objects[type], Names.Description(type.Label), new Meaning.Point(type), Argument("id", parts.Scalars.Id.NonNull()));
        foreach (var field in root.Fields)
            field.StreamResolver = NeverAsked;
        return root;
    }

    /// <summary>The library wants one of every subscription; ours are compiled to plans.</summary>
    private static readonly SourceStreamResolver<object> NeverAsked = new((Func<IResolveFieldContext, IObservable<object?>>)(_ => throw new InvalidOperationException("Subscriptions are run by their plans.")));
}
