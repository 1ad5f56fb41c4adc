using System.Collections.Immutable;
using System.Globalization;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Search;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Plans;
using Xrm.GraphQL.Schemas;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>A link with its arguments: the step but for the things it starts from.</summary>
/// <param name="Step">Null for what is no relationship.</param>
/// <param name="Of">What its cursors belong to.</param>
internal sealed record BoundLink(ReadStep.Related? Step, string Of)
{
    /// <summary>Of a history.</summary>
    public LogWindow Window { get; init; }
    /// <summary>Of a plugin's own field.</summary>
    public BoundCall? Call { get; init; }
}

/// <summary>What a plugin's own field is asked with.</summary>
/// <param name="Given">Its arguments, in the CLR form of their shapes; null counts as not given.</param>
/// <param name="Text">The same for the same arguments, another for others.</param>
/// <param name="Most">How many things were counted on in all.</param>
/// <param name="At">The day of what is around it; null = none.</param>
internal sealed record BoundCall(Values Given, string Text, long Most, DateOnly? At);

/// <summary>A root list with its arguments.</summary>
internal sealed record BoundList(ReadStep.List Step, string Of);

/// <summary>A window on changes.</summary>
/// <param name="First">How many at most.</param>
/// <param name="After">The cursor; null = from the start.</param>
internal readonly record struct LogWindow(int First, string? After);

/// <summary>Puts the values of one request into a plan and counts what it could touch; nothing is read here.</summary>
internal sealed class Binding(Reader reader, IReadOnlyDictionary<string, object?> variables, int links, CursorSeal seal, GraphQLLimits limits)
{
    private readonly Filters _filters = new(reader.Today);
    private readonly BoundLink[] _links = new BoundLink[links];
    private long _cost;

    public BoundLink this[LinkPlan link] => _links[link.Number];

    /// <summary>An argument's value; null when it is null or was not given.</summary>
    public object? Argument(RootPlan root, string name) => root.Arguments.Get(name, variables);

    /// <summary>An argument's value; null when it is null or was not given.</summary>
    public object? Value(Arguments arguments, string name) => arguments.Get(name, variables);

    /// <exception cref="FieldProblem">An argument is wrong, or a limit is passed.</exception>
    public BoundList List(RootPlan root, ModelType type) => At(root.Place, () =>
    {
        var (during, at) = Filters.Days(Argument(root, "at"), Argument(root, "during"), null);
        var search = SearchInput.Text(Argument(root, "search"), "search", limits);
        var (where, selection, of, page) = Selection(root.Arguments, root.Connection!, [type], type.Plural, at, during, search);
        Count(1, page, root.Place);
        Links(root.Connection!.Selections, page, at);
        return new BoundList(new ReadStep.List
        {
            Views = [new TypeView(type, where[0], [])],
            During = during,
            Selection = selection,
            Search = search is null ? null : Searched.In(search, [type]),
        }, of);
    });

    /// <exception cref="FieldProblem">An argument is wrong, or a limit is passed.</exception>
    public BoundList Search(RootPlan root) => At(root.Place, () =>
    {
        var text = SearchInput.Text(Argument(root, "text"), "text", limits)!;
        var types = SearchInput.Types(Argument(root, "types"), reader.Model);
        var (_, selection, of, page) = Selection(root.Arguments, root.Connection!, types, string.Join(',', types.Select(t => t.Name)), null, null, text);
        Count(1, page, root.Place);
        Links(root.Connection!.Selections, page);
        return new BoundList(new ReadStep.List { Views = [.. types.Select(TypeView.Of)], Selection = selection, Search = Searched.In(text, types) }, of);
    });

    /// <summary>Binds what is wanted below some things.</summary>
    /// <param name="things">How many there can be.</param>
    public void Links(ImmutableArray<SelectionPlan> selections, long things, DateOnly? at = null)
    {
        foreach (var selection in selections)
            foreach (var thing in selection.Objects)
                foreach (var link in thing.Links)
                    _links[link.Number] = At(link.Place, () => Link(link, thing.Type, things, at));
    }

    /// <summary>Counts things that a field could touch.</summary>
    public void Count(long things, long page, FieldPlace place)
    {
        _cost = things > limits.Cost || page > limits.Cost ? long.MaxValue / 2 : _cost + things * page;
        if (_cost > limits.Cost)
            throw new FieldProblem(new Problem(ProblemCode.Limit, Label.Of(
                $"La requête pourrait toucher plus de {limits.Cost} fiches (tailles de page multipliées) : demandez des pages plus petites.",
                $"The request could touch more than {limits.Cost} things (page sizes multiplied): ask for smaller pages."), null, "cost"), place);
    }

    public LogWindow Window(Arguments arguments, FieldPlace place, long things)
    {
        var first = Size(arguments.Get("first", variables), "first") ?? limits.DefaultPage;
        Count(things, first, place);
        return new(first, arguments.Get("after", variables) as string);
    }

    /// <summary>Binds a plugin's own field and what is wanted of the things that it answers.</summary>
    /// <param name="things">Of how many it is asked.</param>
    public BoundCall Call(PluginField field, Arguments arguments, SelectionPlan? node, FieldPlace place, long things, DateOnly? at = null)
    {
        var page = field.IsList ? limits.DefaultPage : 1;
        Count(things, page, place);
        if (node is not null)
            Links([node], things * page, at);
        var given = Values.None;
        foreach (var argument in field.Field.Arguments)
            if (arguments.Get(argument.Name, variables) is { } value && ShapeValues.Conform(argument.Shape, ref value))
                given = given.With(argument.Name, value);
        return new(given, InputText.Of(new InputObject([.. given])), things * page, at);
    }

    private BoundLink Link(LinkPlan link, ModelType from, long things, DateOnly? enclosing)
    {
        if (link.Own is { } own)
            return new(null, "") { Call = Call(own, link.Arguments, link.Node, link.Place, things, enclosing) };
        if (link.Computed is not null)
        {
            Count(things, 1, link.Place);
            return new(null, "");
        }
        if (link.End is not { } end)
            return new(null, "") { Window = Window(link.Arguments, link.Place, things) };
        var (given, at) = Filters.Days(link.Arguments.Get("at", variables), link.Connection is null ? null : link.Arguments.Get("during", variables), enclosing);
        var during = given ?? Filters.Day(at ?? reader.Today);
        if (link.Connection is not { } connection)
        {
            Count(things, 1, link.Place);
            Links(link.Selections, things, at);
            return new(new(end, []) { Views = [.. end.Far.Select(TypeView.Of)], During = during }, "");
        }
        var (where, selection, of, page) = Selection(link.Arguments, connection, end.Far, $"{from.Name}.{end.Name}", at, given);
        Count(things, Math.Max(page, 1), link.Place);
        Links(link.Selections, things * page, at);
        return new(new(end, [])
        {
            Views = [.. end.Far.Select((t, i) => new TypeView(t, where[i], []))],
            During = during,
            DatesNodes = !end.IsToOne,
            Selection = selection,
        }, of);
    }

    private (Predicate?[] Where, Selection Selection, string Of, int Page) Selection(Arguments arguments, ConnectionPlan plan, ImmutableArray<ModelType> types, string connection, DateOnly? at, Period? during, SearchText? search = null)
    {
        var where = arguments.Get("where", variables) as InputObject;
        var predicates = new Predicate?[types.Length];
        if (where is { Fields.IsEmpty: false })
        {
            var filter = _filters.Read(where, types, at);
            for (var i = 0; i < types.Length; i++)
                predicates[i] = reader.Bind(filter, types[i], Filters.Day(at ?? reader.Today));
        }
        var order = arguments.Get("order", variables) is object?[] orders ? Order(orders, types[0]) : [];
        var (first, last) = (Size(arguments.Get("first", variables), "first"), Size(arguments.Get("last", variables), "last"));
        if (first is not null && last is not null)
            throw new Problem(ProblemCode.Invalid, Label.Of("Donnez « first » ou « last », pas les deux.", "Give either \"first\" or \"last\", not both."), "last", "page");
        if (last is null)
            first ??= limits.DefaultPage;
        var of = string.Create(CultureInfo.InvariantCulture, $"{connection}|{InputText.Of(order)}|{InputText.Of(where)}|{at:O}|{during?.From:O}|{during?.To:O}");
        var keys = order.Length;
        if (search is not null)
        {
            of = $"{of}|search {search}";
            if (order.IsEmpty)
                keys = SearchInput.Keys;
        }
        return (predicates, new()
        {
            Order = order,
            First = first,
            Last = last,
            After = Position(arguments.Get("after", variables) as string, of, keys, "after"),
            Before = Position(arguments.Get("before", variables) as string, of, keys, "before"),
            Counts = plan.WantsCount,
            WantsRows = plan.WantsRows,
            Groupings = [.. plan.Groups.Select(g => At(g.Place, () => Grouping(g, types[0])))],
        }, of, plan.WantsRows ? first ?? last ?? 0 : 0);
    }

    private SortPosition? Position(string? cursor, string of, int keys, string argument)
    {
        if (cursor is null)
            return null;
        var position = seal.Open(of, cursor);
        return position?.Keys.Length == keys
            ? position
            : throw new Problem(ProblemCode.Invalid, ForeignCursor, argument, "cursor");
    }

    public static readonly Label ForeignCursor = Label.Of(
        "Ce curseur n'est pas de cette liste, avec cet ordre et ce filtre.",
        "This cursor is not of this list with this order and filter.");

    private int? Size(object? given, string argument)
    {
        if (given is not int size)
            return null;
        if (size < 0)
            throw new Problem(ProblemCode.Invalid, Label.Of($"« {argument} » ne peut pas être négatif ({size}).", $"\"{argument}\" cannot be negative ({size})."), argument, "page");
        return size <= limits.PageSize
            ? size
            : throw new Problem(ProblemCode.Limit, Label.Of($"« {argument} » demande {size} éléments ; {limits.PageSize} au plus sont admis.", $"\"{argument}\" asks for {size} items; at most {limits.PageSize} are allowed."), argument, "pageSize");
    }

    private static ImmutableArray<Sort> Order(object?[] given, ModelType type) =>
    [
        .. given.OfType<InputObject>().SelectMany(o => o.Fields).Where(f => f.Value is not null)
            .Select(f => new Sort(type.ByName[f.Key], (string?)f.Value == "DESC")),
    ];

    private Grouping Grouping(GroupPlan plan, ModelType type) => new(
        [.. ((object?[])plan.Arguments.Get("by", variables)!).Select(f => new Sort(type.ByName[(string)f!], false))],
        [.. plan.Summed.Select(f => new Sort(f, false))]);

    private static T At<T>(FieldPlace place, Func<T> bind)
    {
        try
        {
            return bind();
        }
        catch (Problem problem)
        {
            throw new FieldProblem(problem, place);
        }
    }
}
