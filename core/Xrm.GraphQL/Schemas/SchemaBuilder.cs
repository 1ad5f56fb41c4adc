using System.Collections.Frozen;
using System.Collections.Immutable;
using GraphQL;
using GraphQL.Conversion;
using GraphQL.Types;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.Core.Running;
using static Xrm.GraphQL.Schemas.SchemaFields;

namespace Xrm.GraphQL.Schemas;

/// <summary>Makes the schema of a model. It holds no resolver: operations are compiled to plans, and only introspection is left to the library.</summary>
internal static class SchemaBuilder
{
    public static (Schema Types, FrozenDictionary<ModelType, ObjectGraphType> Objects) Build(CompiledModel model, ImmutableArray<Attachment> attachments, IPluginAdministration? administration, Func<string, string?> nameOf)
    {
        var parts = new SchemaParts(model);
        var filters = new FilterTypes(parts);
        var facts = new FactTypes(parts, nameOf);
        var entities = new EntityTypes(parts, filters, facts);
        entities.Build();
        var administrators = new AdministrationTypes(parts, facts, administration);
        var query = Query(parts, filters, entities, facts, administrators, attachments);
        PluginFields.Add(attachments, parts, query);
        var schema = new Schema
        {
            NameConverter = DefaultNameConverter.Instance,
            Query = query,
            Mutation = new MutationTypes(parts, entities, facts).Build(administrators),
            Subscription = SubscriptionTypes.Root(parts, facts),
        };
        foreach (var type in parts.Objects.Values)
            schema.RegisterType(type);
        // Where no end leads to several types no field is of this one, and all things are all the same.
        schema.RegisterType(parts.Entity);
        schema.Initialize();
        return (schema, parts.Objects.ToFrozenDictionary());
    }

    private static ObjectGraphType Query(SchemaParts parts, FilterTypes filters, EntityTypes entities, FactTypes facts, AdministrationTypes administrators, ImmutableArray<Attachment> attachments)
    {
        var query = new ObjectGraphType { Name = "Query" };
        var id = parts.Scalars.Id.NonNull();
        query.Add("node", parts.Node, "Une fiche par son identifiant. / An entity by its id.", new Meaning.Node(), Argument("id", id));
        query.Add("nodes", parts.Node.ListOf().NonNull(), "Des fiches, dans l'ordre demandé ; null pour chaque absente. / Entities in the order asked; null for each that is not there.", new Meaning.ManyNodes(), Argument("ids", parts.Scalars.Id.NonNullList()));
        query.Add("search", entities.SearchConnection.NonNull(), "Des fiches de tous types où se trouvent tous les mots : accents et casse ne comptent pas, on trouve aussi le début d'un mot et ce qui se prononce pareil. / Entities of all types in which all words are found: accents and case do not count, the beginning of a word and what sounds alike are found too.", new Meaning.Search(),
            [Argument("text", parts.Scalars.Text.NonNull()), Argument("types", parts.Scalars.Text.NonNull().ListOf(), "Seulement ces types de fiche. / Only these entity types."), .. filters.Forward]);
        query.Add("changes", facts.Changes.NonNull(), "Le journal, du plus ancien au plus récent. / The log, oldest first.", new Meaning.Changes(), filters.Forward);
        query.Add("model", new ModelTypes(parts, facts, attachments).Model.NonNull(), null, new Meaning.TheModel());
        query.Add("me", facts.Actor.NonNull(), null, new Meaning.Me());
        administrators.AddQueries(query);
        foreach (var type in parts.Model.Types)
        {
            var (graph, label) = (parts.Objects[type], Names.Description(type.Label));
            Add(Names.Camel(type.Name), graph, label, new Meaning.Point(type), [Argument("id", id), filters.AsOf]);
            Add(type.Plural, entities.Connection(type).NonNull(), Names.Description(type.PluralLabel), new Meaning.List(type),
                [Argument("search", parts.Scalars.Text, "Seulement ce qu'on trouve ainsi, le meilleur d'abord sauf autre ordre. / Only what is found so, the best first unless ordered otherwise."), .. filters.Connection([type])]);
            foreach (var key in type.Keys)
                if (key.Fields.All(f => !f.Description.IsHidden && f.Shape != Xrm.Sdk.Shape.Json && !f.IsMany))
                    Add($"{Names.Camel(type.Name)}By{key.Name}", graph, label, new Meaning.ByKey(key),
                        [.. key.Fields.Select(f => Argument(f.Name, parts.Leaf(f).NonNull(), Names.Description(f.Description.Label))).Append(filters.AsOf).DistinctBy(a => a.Name)]);
        }
        return query;

        void Add(string name, IGraphType of, string description, Meaning meaning, IEnumerable<QueryArgument> arguments)
        {
            // A name taken already was told when the model was compiled; the first holds.
            if (!query.HasField(name))
                query.Add(name, of, description, meaning, arguments);
        }
    }
}
