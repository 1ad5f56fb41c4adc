using GraphQL.Types;
using Xrm.Core.Model;
using Xrm.Sdk;
using static Xrm.GraphQL.Schemas.SchemaFields;

namespace Xrm.GraphQL.Schemas;

/// <summary>Filters, orders, periods and the arguments of connections.</summary>
internal sealed class FilterTypes(SchemaParts parts)
{
    private static readonly string[] Exact = ["eq", "neq"], Listed = ["in", "nin"], Ordered = ["gt", "gte", "lt", "lte"], Folded = ["contains", "startsWith", "endsWith"];

    /// <summary>Days from one, inclusive, to another, exclusive.</summary>
    public InputObjectGraphType Period => parts.Once("Period", () => new InputObjectGraphType
    {
        Name = parts.Claim("Period"),
        Description = "Du jour from (inclus) au jour to (exclu) ; absent = sans limite ; {} = toutes les périodes. / From the day from (inclusive) to the day to (exclusive); absent = open; {} = all periods.",
    }, type =>
    {
        type.Add("from", parts.Scalars.Date);
        type.Add("to", parts.Scalars.Date);
    });

    /// <summary>ASC or DESC.</summary>
    public EnumerationGraphType Direction => parts.Once("SortDirection", () => parts.Enum("SortDirection", Label.Of("Sens du tri ; sans valeur : à la fin", "Sort direction; without value: last"), "ASC", "DESC"));

    /// <summary>The arguments of a connection of things of some types.</summary>
    public IEnumerable<QueryArgument> Connection(IReadOnlyList<ModelType> types) =>
    [
        Argument("where", Of(types)),
        Argument("order", Sort(types).NonNull().ListOf()),
        Argument("at", parts.Scalars.Date, "Vrai ce jour-là. / True on this day."),
        Argument("during", Period, "Vrai au moins un jour de la période. / True on some day of the period."),
        AsOf,
        .. Window,
        Argument("offset", parts.Scalars.Integer, "Passe tant de fiches avant first ; sans after, last ni before. / Passes over so many before first; without after, last and before."),
    ];

    /// <summary>asOf.</summary>
    public QueryArgument AsOf => Argument("asOf", parts.Scalars.DateTime, "Tel qu'on le savait à cet instant, comme tout ce qui se lit dessous. / As it was known at that moment, with all that is read below.");

    /// <summary>first, after, last, before.</summary>
    public IEnumerable<QueryArgument> Window =>
    [
        .. Forward,
        Argument("last", parts.Scalars.Integer),
        Argument("before", parts.Scalars.Text),
    ];

    /// <summary>first and after.</summary>
    public IEnumerable<QueryArgument> Forward =>
    [
        Argument("first", parts.Scalars.Integer),
        Argument("after", parts.Scalars.Text),
    ];

    /// <summary>The filter of a type, or of what several have in common.</summary>
    public InputObjectGraphType Of(IReadOnlyList<ModelType> types) => types.Count == 1 ? Of(types[0]) : OfEntity;

    public InputObjectGraphType Sort(IReadOnlyList<ModelType> types) => types.Count == 1 ? Sort(types[0]) : SortOfEntity;

    public InputObjectGraphType Of(ModelType type) => parts.Once(("filter", type), () => Logical($"{type.Name}Filter", type.Label), filter =>
    {
        AddLogic(filter);
        AddBuiltins(filter, type, "id", "version", "createdAt", "updatedAt", "validFrom", "validTo");
        foreach (var field in SchemaParts.Kept(type))
            if (!filter.HasField(field.Name) && Comparison(field) is { } comparison)
                filter.Add(field.Name, comparison, Names.Description(field.Description.Label));
        foreach (var end in type.Ends)
            if (!filter.HasField(end.Name))
                filter.Add(end.Name, end.IsToOne ? Of(end.Far) : ListOf(type, end), Names.Description(end.Label));
    });

    /// <summary>Orders that a type's things can be put in.</summary>
    public InputObjectGraphType Sort(ModelType type) => parts.Once(("sort", type), () => Logical($"{type.Name}Sort", type.Label), sort =>
    {
        foreach (var name in (string[])["id", "createdAt", "updatedAt", "validFrom", "validTo"])
            if (type.ByName.ContainsKey(name))
                sort.Add(name, Direction);
        foreach (var field in SchemaParts.Kept(type))
            if (!field.IsMany && field.Shape != Shape.Json && !sort.HasField(field.Name))
                sort.Add(field.Name, Direction, Names.Description(field.Description.Label));
    });

    private InputObjectGraphType OfEntity => parts.Once("filter", () => Logical("EntityFilter", Label.Of("Fiche", "Entity")), filter =>
    {
        AddLogic(filter);
        filter.Add("id", Comparison("Id", parts.Scalars.Id, false, false));
        filter.Add("createdAt", Comparison("DateTime", parts.Scalars.DateTime, true, false));
        filter.Add("updatedAt", Comparison("DateTime", parts.Scalars.DateTime, true, false));
        filter.Add("type", parts.Once("TypeFilter", () => new InputObjectGraphType { Name = parts.Claim("TypeFilter") }, type =>
        {
            type.Add("eq", parts.Scalars.Text);
            type.Add("in", parts.Scalars.Text.NonNull().ListOf());
        }), "Nom du type de fiche. / Name of the entity type.");
    });

    private InputObjectGraphType SortOfEntity => parts.Once("sort", () => Logical("EntitySort", Label.Of("Fiche", "Entity")), sort =>
    {
        sort.Add("id", Direction);
        sort.Add("createdAt", Direction);
        sort.Add("updatedAt", Direction);
    });

    private InputObjectGraphType ListOf(ModelType type, ModelEnd end) => parts.Once(("some", type, end), () => Logical($"{type.Name}{Names.Pascal(end.Name)}ListFilter", end.Label), list =>
    {
        var link = LinkOf(type, end);
        list.Add("some", link, "Au moins une. / One at least.");
        list.Add("none", link, "Aucune. / None.");
        list.Add("all", link, "Toutes, ou aucune n'existe. / All, also when there are none.");
    });

    private InputObjectGraphType LinkOf(ModelType type, ModelEnd end)
    {
        // Links that have nothing of their own share one filter for each type beyond.
        var isPlain = end.Far.Length == 1 && !end.Relationship.IsDated && end.Relationship.Fields.IsEmpty;
        object key = isPlain ? ("link", end.Far[0]) : ("link", type, end);
        var name = isPlain ? $"{end.Far[0].Name}LinkFilter" : $"{type.Name}{Names.Pascal(end.Name)}LinkFilter";
        return parts.Once(key, () => Logical(name, end.Label), link =>
        {
            link.Add("node", Of(end.Far));
            link.Add("at", parts.Scalars.Date);
            link.Add("during", Period);
            if (isPlain)
                return;
            AddBuiltins(link, end.Relationship, "id", "version", "validFrom", "validTo");
            foreach (var field in SchemaParts.Shown(end.Relationship))
                if (!link.HasField(field.Name) && Comparison(field) is { } comparison)
                    link.Add(field.Name, comparison, Names.Description(field.Description.Label));
        });
    }

    private InputObjectGraphType Logical(string name, Label label) => new() { Name = parts.Claim(name), Description = Names.Description(label) };

    private static void AddLogic(InputObjectGraphType filter)
    {
        filter.Add("and", filter.NonNull().ListOf());
        filter.Add("or", filter.NonNull().ListOf());
        filter.Add("not", filter);
    }

    private void AddBuiltins(InputObjectGraphType filter, RecordType type, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (type.ByName.TryGetValue(name, out var field) && Comparison(field) is { } comparison)
                filter.Add(name, comparison);
    }

    /// <summary>How a field is compared; null when it cannot be.</summary>
    private InputObjectGraphType? Comparison(ModelField field)
    {
        if (field.IsMany || field.Shape == Shape.Json)
            return null;
        var leaf = parts.Leaf(field);
        return leaf is EnumerationGraphType
            ? Comparison(leaf.Name, leaf, false, false)
            : field.Builtin == Builtin.Id
                ? Comparison("Id", leaf, false, false)
                : field.Shape switch
                {
                    Shape.Text => Comparison("Text", leaf, false, true),
                    Shape.Boolean => Comparison("Boolean", leaf, false, false),
                    Shape.Integer => Comparison("Int", leaf, true, false),
                    _ => Comparison(leaf.Name, leaf, true, false),
                };
    }

    private InputObjectGraphType Comparison(string name, IGraphType leaf, bool isOrdered, bool isFolded) => parts.Once(("comparison", leaf), () => new InputObjectGraphType { Name = parts.Claim(name + "Filter") }, filter =>
    {
        foreach (var how in Exact)
            filter.Add(how, leaf);
        if (leaf != parts.Scalars.Boolean)
            foreach (var how in Listed)
                filter.Add(how, leaf.ListOf());
        foreach (var how in isOrdered ? Ordered : isFolded ? Folded : [])
            filter.Add(how, leaf);
    });
}
