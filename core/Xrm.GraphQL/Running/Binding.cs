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

/// <summary>Puts the values of one request into a plan and counts what it could touch; nothing is read here.</summary>
/// <param name="traces">Whether steps tell how they are run.</param>
internal sealed class Binding(Reader reader, IReadOnlyDictionary<string, object?> variables, int links, CursorSeal seal, GraphQLLimits limits, bool traces)
{
    private readonly ScanCount _scans = new(reader, limits);
    private readonly Filters _filters = new(reader.Today);
    private readonly BoundLink[] _links = new BoundLink[links];
    private readonly HashSet<DateTimeOffset> _moments = [];
    private long _cost;
    private const long Uncountable = long.MaxValue / 4;

    /// <summary>How many things could be touched by what was bound so far.</summary>
    public long Cost => _cost;

    /// <summary>The moments as of which something is read that is not now.</summary>
    public IReadOnlyCollection<DateTimeOffset> Moments => _moments;

    public BoundLink this[LinkPlan link] => _links[link.Number];

    /// <summary>An argument's value; null when it is null or was not given.</summary>
    public object? Argument(RootPlan root, string name) => root.Arguments.Get(name, variables);

    /// <summary>An argument's value; null when it is null or was not given.</summary>
    public object? Value(Arguments arguments, string name) => arguments.Get(name, variables);

    /// <exception cref="FieldProblem">An argument is wrong, or a limit is passed.</exception>
    public BoundList List(RootPlan root, ModelType type) => At(root.Place, () =>
    {
        var (during, at) = Filters.Days(Argument(root, "at"), Argument(root, "during"), null);
        var asOf = Moment(root.Arguments, null, root.Place);
        var search = SearchInput.Text(Argument(root, "search"), "search", limits);
        var (where, selection, of, page) = Selection(root.Arguments, root.Connection!, [type], type.Plural, new(at, asOf), during, search);
        Count(1, page, root.Place);
        var step = new ReadStep.List
        {
            Views = [new TypeView(type, where[0], [])],
            During = during,
            Selection = selection,
            Search = search is null ? null : Searched.In(search, [type]),
            Trace = Trace(),
        };
        // Words lead to what has them.
        if (search is null)
            _scans.Add(step, root.Place);
        Links(root.Connection!.Selections, page, new(at, asOf));
        return new BoundList(step, of, asOf);
    });

    /// <exception cref="FieldProblem">An argument is wrong, or a limit is passed.</exception>
    public BoundList Search(RootPlan root) => At(root.Place, () =>
    {
        var text = SearchInput.Text(Argument(root, "text"), "text", limits)!;
        var types = SearchInput.Types(Argument(root, "types"), reader.Model);
        var (_, selection, of, page) = Selection(root.Arguments, root.Connection!, types, string.Join(',', types.Select(t => t.Name)), default, null, text);
        Count(1, page, root.Place);
        Links(root.Connection!.Selections, page);
        return new BoundList(new ReadStep.List { Views = [.. types.Select(TypeView.Of)], Selection = selection, Search = Searched.In(text, types), Trace = Trace() }, of, null);
    });

    /// <summary>The moment as of which a field is read: its own, else the enclosing one.</summary>
    /// <exception cref="Refusal">Limit: the request names too many.</exception>
    public DateTimeOffset? Moment(Arguments arguments, DateTimeOffset? enclosing, FieldPlace place)
    {
        if (arguments.Get("asOf", variables) is not DateTimeOffset own)
            return enclosing;
        if (_moments.Add(own) && _moments.Count > limits.Moments)
            throw Refusal.Limit(
                $"La requête désigne {_moments.Count} instants par « asOf » ; {limits.Moments} au plus sont admis.",
                $"The request names {_moments.Count} moments with \"asOf\"; at most {limits.Moments} are allowed.", "moments", limits.Moments, _moments.Count, [place.Place], "asOf").At(place);
        return own;
    }

    /// <summary>Binds what is wanted below some things.</summary>
    /// <param name="things">How many there can be.</param>
    public void Links(ImmutableArray<SelectionPlan> selections, long things, Times times = default)
    {
        foreach (var selection in selections)
            foreach (var thing in selection.Objects)
                foreach (var link in thing.Links)
                    _links[link.Number] = At(link.Place, () => Link(link, thing.Type, things, times));
    }

    /// <summary>Counts things that a field could touch.</summary>
    public void Count(long things, long page, FieldPlace place)
    {
        // Saturates: what is far past the limit need not be told to the last thing.
        var touched = Math.BigMul(things, page, out var low) != 0 || low < 0 ? Uncountable : low;
        _cost = Math.Min(Uncountable, _cost + Math.Min(Uncountable, touched));
        if (_cost > limits.Cost)
            throw Refusal.Limit(
                $"La requête pourrait toucher {_cost} fiches ou plus (tailles de page multipliées) ; {limits.Cost} au plus sont admises. Demandez des pages plus petites.",
                $"The request could touch {_cost} things or more (page sizes multiplied); at most {limits.Cost} are allowed. Ask for smaller pages.", "cost", limits.Cost, _cost).At(place);
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
            Links([node], things * page, new(at, null));
        var given = Values.None;
        foreach (var argument in field.Field.Arguments)
            if (arguments.Get(argument.Name, variables) is { } value && ShapeValues.Conform(argument.Shape, ref value))
                given = given.With(argument.Name, value);
        return new(given, InputText.Of(new InputObject([.. given])), things * page, at);
    }

    private BoundLink Link(LinkPlan link, ModelType from, long things, Times enclosing)
    {
        if (enclosing.AsOf is not null && (link.Own is not null || link.Computed is not null))
            throw new Problem(ProblemCode.Invalid, Label.Of(
                "Ce que calcule un module ne se demande pas sous « asOf » : il calcule avec ce qui est aujourd'hui.",
                "What a plugin computes cannot be asked for below \"asOf\": it computes with what is today."), "asOf", "asOf");
        if (link.Own is { } own)
            return new(null, null) { Call = Call(own, link.Arguments, link.Node, link.Place, things, enclosing.At) };
        if (link.Computed is not null)
        {
            Count(things, 1, link.Place);
            return new(null, null);
        }
        if (link.End is not { } end)
            return new(null, null) { Window = Window(link.Arguments, link.Place, things), AsOf = enclosing.AsOf };
        var asOf = Moment(link.Arguments, enclosing.AsOf, link.Place);
        var (given, at) = Filters.Days(link.Arguments.Get("at", variables), link.Connection is null ? null : link.Arguments.Get("during", variables), enclosing.At);
        var during = given ?? Filters.Day(at ?? reader.Today);
        if (link.Connection is not { } connection)
        {
            Count(things, 1, link.Place);
            var one = new ReadStep.Related(end, []) { Views = [.. end.Far.Select(TypeView.Of)], During = during, Trace = Trace() };
            _scans.Add(one, things, link.Place);
            Links(link.Selections, things, new(at, asOf));
            return new(one, null) { Things = things, AsOf = asOf, IsOfOther = asOf != enclosing.AsOf };
        }
        var (where, selection, of, page) = Selection(link.Arguments, connection, end.Far, $"{from.Name}.{end.Name}", new(at, asOf), given);
        Count(things, Math.Max(page, 1), link.Place);
        var step = new ReadStep.Related(end, [])
        {
            Views = [.. end.Far.Select((t, i) => new TypeView(t, where[i], []))],
            During = during,
            DatesNodes = !end.IsToOne,
            Selection = selection,
            Trace = Trace(),
        };
        _scans.Add(step, things, link.Place);
        Links(link.Selections, things * page, new(at, asOf));
        return new(step, of) { Things = things, AsOf = asOf, IsOfOther = asOf != enclosing.AsOf };
    }

    private StepTrace? Trace() => traces ? new() : null;

    private (Predicate?[] Where, Selection Selection, Lazy<string> Of, int Page) Selection(Arguments arguments, ConnectionPlan plan, ImmutableArray<ModelType> types, string connection, Times times, Period? during, SearchText? search = null)
    {
        var (at, asOf) = times;
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
        var offset = Offset(arguments);
        // All periods are not the day that holds where none is asked for.
        var of = new Lazy<string>(() => string.Create(CultureInfo.InvariantCulture,
            $"{connection}|{InputText.Of(order)}|{InputText.Of(where)}|{at:O}|{(during is null ? "" : "~")}{during?.From:O}|{during?.To:O}|{asOf:O}{(search is null ? "" : $"|search {search}")}"));
        var keys = search is not null && order.IsEmpty ? SearchInput.Keys : order.Length;
        return (predicates, new()
        {
            Order = order,
            First = first,
            Last = last,
            Offset = offset,
            After = Position(arguments.Get("after", variables) as string, of, keys, "after"),
            Before = Position(arguments.Get("before", variables) as string, of, keys, "before"),
            Counts = plan.WantsCount,
            WantsRows = plan.WantsRows,
            Groupings = [.. plan.Groups.Select(g => At(g.Place, () => Grouping(g, types[0])))],
        }, of, plan.WantsRows ? first ?? last ?? 0 : 0);
    }

    private SortPosition? Position(string? cursor, Lazy<string> of, int keys, string argument)
    {
        if (cursor is null)
            return null;
        var position = seal.Open(of.Value, cursor);
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
            : throw Refusal.Limit($"« {argument} » demande {size} éléments ; {limits.PageSize} au plus sont admis.", $"\"{argument}\" asks for {size} items; at most {limits.PageSize} are allowed.", "pageSize", limits.PageSize, size, default, argument);
    }

    private int Offset(Arguments arguments)
    {
        if (arguments.Get("offset", variables) is not int offset)
            return 0;
        if (offset < 0)
            throw new Problem(ProblemCode.Invalid, Label.Of($"« offset » ne peut pas être négatif ({offset}).", $"\"offset\" cannot be negative ({offset})."), "offset", "page");
        foreach (var other in (string[])["after", "last", "before"])
            if (arguments.Get(other, variables) is not null)
                throw new Problem(ProblemCode.Invalid, Label.Of(
                    $"« offset » compte depuis le début de la liste : donnez-le avec « first », sans « {other} ».",
                    $"\"offset\" counts from the start of the list: give it with \"first\", without \"{other}\"."), "offset", "page");
        return offset;
    }

    private static ImmutableArray<Sort> Order(object?[] given, ModelType type)
    {
        var order = ImmutableArray.CreateBuilder<Sort>(given.Length);
        foreach (var one in given)
            if (one is InputObject { Fields: var fields })
                foreach (var (name, value) in fields)
                    if (value is not null)
                        order.Add(new(type.ByName[name], (string)value == "DESC"));
        return order.DrainToImmutable();
    }

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
        catch (Refusal refusal)
        {
            throw refusal.At(place);
        }
    }
}
