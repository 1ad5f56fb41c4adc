using GraphQL.Types;
using Xrm.Core.Model;
using Xrm.Sdk;
using static Xrm.GraphQL.Schemas.SchemaFields;

namespace Xrm.GraphQL.Schemas;

/// <summary>The object of each entity type, its connections, edges and groups.</summary>
internal sealed class EntityTypes(SchemaParts parts, FilterTypes filters, FactTypes facts)
{
    private static readonly string[] OwnNames = ["id", "version", "createdAt", "updatedAt", "displayName", "history", "validFrom", "validTo"];

    /// <summary>Makes an object for each type, empty, so that they can refer to each other; then fills them.</summary>
    public void Build()
    {
        foreach (var type in parts.Model.Types)
            parts.Objects[type] = new ObjectGraphType { Name = parts.Claim(type.Name), Description = Names.Description(type.Label), IsTypeOf = _ => false };
        parts.Node.Add("id", parts.Scalars.Id.NonNull());
        AddCommon(parts.Entity, null);
        foreach (var (type, graph) in parts.Objects)
            Fill(type, graph);
        foreach (var graph in parts.Objects.Values)
        {
            // Only now that the fields are there: the library checks them here.
            graph.AddResolvedInterface(parts.Node);
            graph.AddResolvedInterface(parts.Entity);
        }
    }

    /// <summary>The connection of a root list.</summary>
    public ObjectGraphType Connection(ModelType type) => parts.Once(("connection", type), () => new ObjectGraphType { Name = parts.Claim(type.Name + "Connection"), Description = Names.Description(type.PluralLabel) }, connection =>
    {
        var node = parts.Objects[type];
        AddParts(connection, node, parts.Once(("edge", type), () => new ObjectGraphType { Name = parts.Claim(type.Name + "Edge") }, edge => AddEdge(edge, node)));
        AddGroups(connection, type);
    });

    /// <summary>The connection of a search across types.</summary>
    public ObjectGraphType SearchConnection => parts.Once("search", () => new ObjectGraphType { Name = parts.Claim("SearchConnection"), Description = "Ce qu'on a trouvé, le meilleur d'abord. / What was found, the best first." }, connection =>
        AddParts(connection, parts.Entity, parts.Once("searchEdge", () => new ObjectGraphType { Name = parts.Claim("SearchEdge") }, edge => AddEdge(edge, parts.Entity))));

    /// <summary>The connection of the relationships at an end.</summary>
    public ObjectGraphType Connection(ModelType type, ModelEnd end) => parts.Once(("connection", type, end), () => new ObjectGraphType { Name = parts.Claim(Names.Connection(type, end)), Description = Names.Description(end.Label) }, connection =>
    {
        var node = parts.Far(end);
        AddParts(connection, node, parts.Once(("edge", type, end), () => new ObjectGraphType { Name = parts.Claim($"{type.Name}{Names.Pascal(end.Name)}Edge"), Description = Names.Description(end.Relationship.Label) }, edge =>
        {
            AddEdge(edge, node);
            AddLink(edge, end.Relationship);
        }));
    });

    /// <summary>The id, version, period and own fields of a relationship.</summary>
    public void AddLink(ObjectGraphType graph, ModelRelationship relationship)
    {
        foreach (var name in (string[])["id", "version", "createdAt", "updatedAt", "validFrom", "validTo"])
            if (relationship.ByName.TryGetValue(name, out var field))
                graph.Add(name, name.StartsWith("valid", StringComparison.Ordinal) ? parts.Leaf(field) : parts.Leaf(field).NonNull(), null, new Meaning.Value(field, OfLink: true));
            else if (name.StartsWith("valid", StringComparison.Ordinal))
                // Every edge can be asked for its period; that of a relationship without dates is open.
                graph.Add(name, parts.Scalars.Date, null, new Meaning.Fact((_, _) => null));
        foreach (var field in SchemaParts.Shown(relationship))
            if (!graph.HasField(field.Name))
                graph.Add(field.Name, parts.Value(field), Names.Description(field.Description.Label), new Meaning.Value(field, OfLink: true));
    }

    private void Fill(ModelType type, ObjectGraphType graph)
    {
        AddCommon(graph, type);
        foreach (var name in (string[])["validFrom", "validTo"])
            if (type.ByName.TryGetValue(name, out var field))
                graph.Add(name, parts.Leaf(field), name == "validFrom" ? "Premier jour, inclus ; null = depuis toujours. / First day, inclusive; null = since ever." : "Jour qui suit le dernier ; null = en cours. / The day after the last; null = still.", new Meaning.Value(field));
        foreach (var field in SchemaParts.Shown(type))
            if (!OwnNames.Contains(field.Name))
                graph.Add(field.Name, parts.Value(field), Describe(field), new Meaning.Value(field));
        foreach (var end in type.Ends)
        {
            var description = Names.Description(end.Label);
            if (graph.HasField(end.Name))
                continue;
            if (!end.IsToOne)
            {
                graph.Add(end.Name, Connection(type, end).NonNull(), description, new Meaning.Links(end), filters.Connection(end.Far));
                continue;
            }
            graph.Add(end.Name, parts.Far(end), description, new Meaning.ToOne(end), Argument("at", parts.Scalars.Date), filters.AsOf);
            if (!graph.HasField(end.Name + "Links"))
                graph.Add(end.Name + "Links", Connection(type, end).NonNull(), description, new Meaning.Links(end), filters.Connection(end.Far));
        }
    }

    private void AddCommon(IComplexGraphType graph, ModelType? type)
    {
        Add("id", parts.Scalars.Id);
        Add("version", parts.Scalars.Integer);
        Add("createdAt", parts.Scalars.DateTime);
        Add("updatedAt", parts.Scalars.DateTime);
        graph.Add("displayName", parts.Scalars.Text.NonNull(), "Ce qu'on lit de la fiche. / What people call it.", new Meaning.DisplayName());
        graph.Add("history", facts.Changes.NonNull(), "Ses modifications, de la plus ancienne à la plus récente. / Its changes, oldest first.", new Meaning.History(), filters.Forward);

        void Add(string name, IGraphType of) => graph.Add(name, of.NonNull(), null, type is null ? null : new Meaning.Value(type.ByName[name]));
    }

    private void AddParts(ObjectGraphType connection, IGraphType node, ObjectGraphType edge)
    {
        connection.Add("nodes", node.NonNullList(), null, new Meaning.Part(ConnectionPart.Nodes));
        connection.Add("edges", edge.NonNullList(), null, new Meaning.Part(ConnectionPart.Edges));
        connection.Add("pageInfo", facts.PageInfo.NonNull(), null, new Meaning.Part(ConnectionPart.PageInfo));
        connection.Add("totalCount", parts.Scalars.Integer.NonNull(), "Combien il y en a en tout. / How many there are in all.", new Meaning.Part(ConnectionPart.TotalCount));
    }

    private void AddEdge(ObjectGraphType edge, IGraphType node)
    {
        edge.Add("cursor", parts.Scalars.Text.NonNull(), null, new Meaning.Part(ConnectionPart.Cursor));
        edge.Add("node", node.NonNull(), null, new Meaning.Part(ConnectionPart.Node));
    }

    private void AddGroups(ObjectGraphType connection, ModelType type)
    {
        var fields = SchemaParts.Kept(type).Where(f => !f.IsMany && f.Shape != Shape.Json && f.Description.Type.Name != "longText").ToList();
        if (type.IsDated)
            fields.AddRange([type.ByName["validFrom"], type.ByName["validTo"]]);
        if (fields.Count == 0)
            return;
        var keys = new EnumerationGraphType { Name = parts.Claim(type.Name + "GroupField") };
        foreach (var field in fields)
            keys.Add(Names.Upper(field.Name), field.Name, Names.Description(field.Description.Label));
        var group = new ObjectGraphType { Name = parts.Claim(type.Name + "Group") };
        group.Add("count", parts.Scalars.Integer.NonNull(), null, new Meaning.Part(ConnectionPart.Count));
        var numeric = fields.Where(f => f.Shape is Shape.Integer or Shape.Decimal).ToList();
        if (numeric.Count > 0)
        {
            var sums = Sums("Sums", numeric, _ => parts.Scalars.Decimal);
            var bounds = Sums("Bounds", numeric, parts.Leaf);
            group.Add("sum", sums.NonNull(), null, new Meaning.GroupSums(SumKind.Sum));
            group.Add("avg", sums.NonNull(), null, new Meaning.GroupSums(SumKind.Average));
            group.Add("min", bounds.NonNull(), null, new Meaning.GroupSums(SumKind.Min));
            group.Add("max", bounds.NonNull(), null, new Meaning.GroupSums(SumKind.Max));
        }
        foreach (var field in fields)
            if (!group.HasField(field.Name))
                group.Add(field.Name, parts.Leaf(field), "Null quand on ne regroupe pas par ce champ. / Null when not grouped by this field.", new Meaning.GroupKey(field));
        connection.Add("groups", group.NonNullList(), null, new Meaning.Part(ConnectionPart.Groups), Argument("by", keys.NonNullList()));

        ObjectGraphType Sums(string suffix, List<ModelField> of, Func<ModelField, IGraphType> leaf)
        {
            var sums = new ObjectGraphType { Name = parts.Claim(type.Name + suffix) };
            foreach (var field in of)
                sums.Add(field.Name, leaf(field), Names.Description(field.Description.Label), new Meaning.SummedField(field));
            return sums;
        }
    }

    private static string Describe(ModelField field) => field.Description.Help is { } help
        ? $"{Names.Description(field.Description.Label)}. {Names.Description(help)}"
        : Names.Description(field.Description.Label);
}
