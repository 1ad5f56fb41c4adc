using System.Collections.Immutable;
using GraphQL;
using GraphQL.Types;
using GraphQLParser.AST;
using Xrm.Core.Model;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Schemas;

namespace Xrm.GraphQL.Plans;

/// <summary>Compiles a validated operation to a plan.</summary>
internal sealed class PlanCompiler
{
    private readonly GraphSchema _schema;
    private readonly Selections _selections;
    private readonly FactCompiler _facts;
    private int _links;

    private PlanCompiler(GraphSchema schema, Selections selections)
    {
        _schema = schema;
        _selections = selections;
        _facts = new(selections);
    }

    /// <param name="variables">Only those that @skip and @include ask are looked at.</param>
    /// <exception cref="Refusal">It is deeper or larger than the limits allow.</exception>
    public static OperationPlan Compile(Operation operation, IReadOnlyDictionary<string, object?> variables, GraphQLLimits limits)
    {
        var schema = operation.Document.Schema;
        var compiler = new PlanCompiler(schema, new Selections(operation.Document, variables, limits));
        var root = operation.IsMutation ? schema.Types.Mutation! : operation.IsSubscription ? schema.Types.Subscription! : schema.Types.Query;
        var roots = compiler._selections.Of(root, [operation.Syntax.SelectionSet]).Select(w => compiler.Root(w, root)).ToImmutableArray();
        IntrospectionDepth.Check(operation.Document, roots);
        return new(operation.IsMutation, roots, compiler._links);
    }

    private RootPlan Root(WantedField wanted, IObjectGraphType root)
    {
        var place = _selections.Place(wanted, null);
        if (wanted.Definition is null)
            return new(wanted.Key, place, null, Arguments.None) { Constant = Selections.Typename(root) };
        var meaning = Meaning.Of(wanted.Definition);
        if (meaning is null)
            return new(wanted.Key, place, null, Arguments.None) { Introspection = [.. wanted.Syntax], IsNullable = true };
        var type = wanted.Definition.ResolvedType!;
        var plan = new RootPlan(wanted.Key, place, meaning, Selections.ArgumentsOf(wanted)) { IsNullable = type is not NonNullGraphType };
        return meaning switch
        {
            Meaning.Point point => plan with { Node = Things([point.Type], wanted.Sets, place) },
            Meaning.ByKey key => plan with { Node = Things([key.Unique.Type], wanted.Sets, place) },
            Meaning.Node or Meaning.ManyNodes => plan with { Node = Things(_schema.Model.Types, wanted.Sets, place) },
            Meaning.List list => plan with { Connection = Connection(type, [list.Type], wanted.Sets, place) },
            Meaning.Search => plan with { Connection = Connection(type, _schema.Model.Types, wanted.Sets, place) },
            Meaning.Write write => plan with { Payload = Payload(type, write, wanted.Sets, place) },
            Meaning.OfPlugin { Field: var field } => plan with { Node = field.Thing is null ? null : Things([field.Thing], wanted.Sets, place) },
            _ => plan with { Facts = _facts.Compile(type, wanted.Sets, place) },
        };
    }

    private SelectionPlan Things(ImmutableArray<ModelType> types, IReadOnlyList<GraphQLSelectionSet> sets, FieldPlace place) =>
        new([.. types.Select(t => new ObjectPlan(t, Fields(t, sets, place)))]);

    private ImmutableArray<OutField> Fields(ModelType type, IReadOnlyList<GraphQLSelectionSet> sets, FieldPlace place)
    {
        var graph = _schema.Objects[type];
        var fields = ImmutableArray.CreateBuilder<OutField>();
        var links = 0;
        foreach (var wanted in _selections.Of(graph, sets))
        {
            var field = Own(wanted, graph);
            if (field is null)
                field = new(wanted.Key, OutKind.Link) { Link = Link(wanted, place), Index = links++ };
            fields.Add(field);
        }
        return fields.ToImmutable();
    }

    private LinkPlan Link(WantedField wanted, FieldPlace parent)
    {
        var place = _selections.Place(wanted, parent);
        var type = wanted.Definition!.ResolvedType!;
        var plan = new LinkPlan(_links++, place, Selections.ArgumentsOf(wanted));
        return Meaning.Of(wanted.Definition) switch
        {
            Meaning.ToOne one => plan with { End = one.End, Node = Things(one.End.Far, wanted.Sets, place) },
            Meaning.Value value => plan with { Computed = value.Field },
            Meaning.OfPlugin { Field: var field } => plan with { Own = field, Node = field.Thing is null ? null : Things([field.Thing], wanted.Sets, place) },
            Meaning.Links links => plan with { End = links.End, Connection = Connection(type, links.End.Far, wanted.Sets, place) },
            _ => plan with { Facts = _facts.Compile(type, wanted.Sets, place) },
        };
    }

    /// <summary>A field that is read from the row itself; null when it is a link.</summary>
    private static OutField? Own(WantedField wanted, IObjectGraphType graph) => wanted.Definition is null
        ? new(wanted.Key, OutKind.Constant) { Constant = Selections.Typename(graph) }
        : Meaning.Of(wanted.Definition) switch
        {
            Meaning.DisplayName => new(wanted.Key, OutKind.DisplayName),
            Meaning.Value { Field.Description.IsComputed: true } => null,
            Meaning.Value value => new(wanted.Key, KindOf(value.Field)) { Field = value.Field, OfLink = value.OfLink },
            Meaning.Fact => new(wanted.Key, OutKind.Constant) { Constant = "null"u8.ToArray() },
            _ => null,
        };

    private static OutKind KindOf(ModelField field) => field.Builtin switch
    {
        Builtin.Id => OutKind.Id,
        Builtin.Version => OutKind.Version,
        Builtin.CreatedAt => OutKind.CreatedAt,
        Builtin.UpdatedAt => OutKind.UpdatedAt,
        Builtin.ValidFrom => OutKind.ValidFrom,
        Builtin.ValidTo => OutKind.ValidTo,
        _ => OutKind.Value,
    };

    private ConnectionPlan Connection(IGraphType type, ImmutableArray<ModelType> far, IReadOnlyList<GraphQLSelectionSet> sets, FieldPlace place)
    {
        var graph = (IObjectGraphType)type.GetNamedType();
        var fields = ImmutableArray.CreateBuilder<ConnectionField>();
        var things = ImmutableArray.CreateBuilder<SelectionPlan>();
        var groups = 0;
        foreach (var wanted in _selections.Of(graph, sets))
        {
            if (wanted.Definition is null)
            {
                fields.Add(new(wanted.Key, null) { Constant = Selections.Typename(graph) });
                continue;
            }
            var field = new ConnectionField(wanted.Key, ((Meaning.Part)Meaning.Of(wanted.Definition)!).Which);
            var below = wanted.Sets.Count > 0 ? _selections.Place(wanted, place) : place;
            switch (field.Part)
            {
                case ConnectionPart.Nodes:
                    field = field with { Selection = things.Count };
                    things.Add(Things(far, wanted.Sets, below));
                    break;
                case ConnectionPart.Edges:
                    field = field with { Edge = Edge(wanted, far, things, below) };
                    break;
                case ConnectionPart.PageInfo:
                    field = field with { Page = _facts.Compile(wanted.Definition.ResolvedType!, wanted.Sets, below) };
                    break;
                case ConnectionPart.Groups:
                    field = field with { Group = new(Selections.ArgumentsOf(wanted), below, Group(wanted.Definition.ResolvedType!, wanted.Sets)), GroupIndex = groups++ };
                    break;
            }
            fields.Add(field);
        }
        return new(fields.ToImmutable(), things.ToImmutable());
    }

    private ImmutableArray<OutField> Edge(WantedField edges, ImmutableArray<ModelType> far, ImmutableArray<SelectionPlan>.Builder things, FieldPlace place)
    {
        var graph = (IObjectGraphType)edges.Definition!.ResolvedType!.GetNamedType();
        var fields = ImmutableArray.CreateBuilder<OutField>();
        foreach (var wanted in _selections.Of(graph, edges.Sets))
            if (wanted.Definition is not null && Meaning.Of(wanted.Definition) is Meaning.Part part)
            {
                fields.Add(new(wanted.Key, part.Which == ConnectionPart.Cursor ? OutKind.Cursor : OutKind.Node) { Index = things.Count });
                if (part.Which == ConnectionPart.Node)
                    things.Add(Things(far, wanted.Sets, _selections.Place(wanted, place)));
            }
            else
                fields.Add(Own(wanted, graph)!);
        return fields.ToImmutable();
    }

    private ImmutableArray<GroupField> Group(IGraphType type, IReadOnlyList<GraphQLSelectionSet> sets)
    {
        var graph = (IObjectGraphType)type.GetNamedType();
        return
        [
            .. _selections.Of(graph, sets).Select(w => w.Definition is null
                ? new GroupField(w.Key) { Constant = Selections.Typename(graph) }
                : Meaning.Of(w.Definition) switch
                {
                    Meaning.GroupKey key => new(w.Key) { Field = key.Field },
                    Meaning.SummedField summed => new(w.Key) { Field = summed.Field },
                    Meaning.GroupSums sums => new(w.Key) { Sums = sums.Kind, Fields = Group(w.Definition.ResolvedType!, w.Sets) },
                    _ => new GroupField(w.Key),
                }),
        ];
    }

    private PayloadPlan Payload(IGraphType type, Meaning.Write write, IReadOnlyList<GraphQLSelectionSet> sets, FieldPlace place)
    {
        var graph = (IObjectGraphType)type.GetNamedType();
        return new(
        [
            .. _selections.Of(graph, sets).Select(w => w.Definition is null
                ? new PayloadField(w.Key) { Constant = Selections.Typename(graph) }
                : (Meaning.Of(w.Definition), write.Type) switch
                {
                    (Meaning.Written, _) when w.Sets.Count == 0 => new(w.Key),
                    (Meaning.Written, ModelType entity) => new(w.Key) { Node = Things([entity], w.Sets, _selections.Place(w, place)) },
                    (Meaning.Written, ModelRelationship relationship) => new(w.Key) { Link = WrittenLink(w, relationship, _selections.Place(w, place)) },
                    _ => new PayloadField(w.Key) { Commit = _facts.Compile(w.Definition.ResolvedType!, w.Sets, _selections.Place(w, place)) },
                }),
        ]);
    }

    private WrittenLinkPlan WrittenLink(WantedField link, ModelRelationship relationship, FieldPlace place)
    {
        var graph = (IObjectGraphType)link.Definition!.ResolvedType!.GetNamedType();
        return new(
        [
            .. _selections.Of(graph, link.Sets).Select(w => w.Definition is not null && Meaning.Of(w.Definition) is Meaning.WrittenEnd end
                ? new WrittenLinkField(w.Key, null, Things(end.IsSource ? relationship.Source.Types : relationship.Source.Far, w.Sets, _selections.Place(w, place)), end.IsSource)
                : new WrittenLinkField(w.Key, Own(w, graph), null, false)),
        ]);
    }
}
