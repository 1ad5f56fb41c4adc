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
    private readonly BoundLink[] _links = new BoundLink[links];
    private HashSet<DateTimeOffset>? _moments;
    private long _cost;
    private const long Uncountable = long.MaxValue / 4;

    /// <summary>How many things could be touched by what was bound so far.</summary>
    public long Cost => _cost;

    /// <summary>The moments as of which something is read that is not now.</summary>
    public IReadOnlyCollection<DateTimeOffset> Moments => _moments ?? (IReadOnlyCollection<DateTimeOffset>)[];

    private ScanCount Scans => field ??= new(reader, limits);

    public BoundLink this[LinkPlan link] => _links[link.Number];

    /// <summary>An argument's value; null when it is null or was not given.</summary>
    public object? Argument(RootPlan root, string name) => root.Arguments.Get(name, variables);

    /// <summary>An argument's value; null when it is null or was not given.</summary>
    public object? Value(Arguments arguments, string name) => arguments.Get(name, variables);

    /// <exception cref="FieldProblem">An argument is wrong, or a limit is passed.</exception>
    public BoundList List(RootPlan root, ModelType type)
    {
        try
        {
            return Listed(root, type);
        }
        catch (Exception e) when (IsOfField(e))
        {
            throw At(root.Place, e);
        }
    }

    /// <exception cref="FieldProblem">An argument is wrong, or a limit is passed.</exception>
    public BoundList Search(RootPlan root)
    {
        try
        {
            return Searching(root);
        }
        catch (Exception e) when (IsOfField(e))
        {
            throw At(root.Place, e);
        }
    }

    private BoundList Listed(RootPlan root, ModelType type)
    {
        var (during, at) = Filters.Days(Argument(root, "at"), Argument(root, "during"), null);
        var asOf = Moment(root.Arguments, null, root.Place);
        var search = SearchInput.Text(Argument(root, "search"), "search", limits);
        var (where, selection, of, page) = Selection(root.Arguments, root.Connection!, [type], type.Plural, new(at, asOf), during, search);
        Count(1, page, root.Place);
        var step = new ReadStep.List
        {
            Views = [new TypeView(type, where is [var asked] ? asked : null, [])],
            During = during,
            Selection = selection,
            Search = search is null ? null : Searched.In(search, [type]),
            Trace = Trace(),
        };
        // Words lead to what has them.
        if (search is null)
            Scans.Add(step, root.Place);
        Links(root.Connection!.Selections, page, new(at, asOf));
        return new BoundList(step, of, asOf);
    }

    private BoundList Searching(RootPlan root)
    {
        var text = SearchInput.Text(Argument(root, "text"), "text", limits)!;
        var types = SearchInput.Types(Argument(root, "types"), reader.Model);
        var (_, selection, of, page) = Selection(root.Arguments, root.Connection!, types, string.Join(',', types.Select(t => t.Name)), default, null, text);
        Count(1, page, root.Place);
        Links(root.Connection!.Selections, page);
        return new BoundList(new ReadStep.List { Views = [.. types.Select(TypeView.Of)], Selection = selection, Search = Searched.In(text, types), Trace = Trace() }, of, null);
    }

    /// <summary>The moment as of which a field is read: its own, else the enclosing one.</summary>
    /// <exception cref="Refusal">Limit: the request names too many.</exception>
    public DateTimeOffset? Moment(Arguments arguments, DateTimeOffset? enclosing, FieldPlace place)
    {
        if (arguments.Get("asOf", variables) is not DateTimeOffset own)
            return enclosing;
        _moments ??= [];
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
                    try
                    {
                        _links[link.Number] = Link(link, thing.Type, things, times);
                    }
                    catch (Exception e) when (IsOfField(e))
                    {
                        throw At(link.Place, e);
                    }
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
        var first = PageInput.Size(arguments.Get("first", variables), "first", limits) ?? limits.DefaultPage;
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
            var one = new ReadStep.Related(end, []) { Views = link.Views, During = during, Trace = Trace() };
            Scans.Add(one, things, link.Place);
            Links(link.Selections, things, new(at, asOf));
            return new(one, null) { Things = things, AsOf = asOf, IsOfOther = asOf != enclosing.AsOf };
        }
        var (where, selection, of, page) = Selection(link.Arguments, connection, end.Far, from.Name, new(at, asOf), given, end: end);
        Count(things, Math.Max(page, 1), link.Place);
        var step = new ReadStep.Related(end, [])
        {
            Views = where.IsEmpty ? link.Views : [.. end.Far.Select((t, i) => new TypeView(t, where[i], []))],
            During = during,
            DatesNodes = !end.IsToOne,
            Selection = selection,
            Trace = Trace(),
        };
        Scans.Add(step, things, link.Place);
        Links(link.Selections, things * page, new(at, asOf));
        return new(step, of) { Things = things, AsOf = asOf, IsOfOther = asOf != enclosing.AsOf };
    }

    private StepTrace? Trace() => traces ? new() : null;

    /// <returns>Where: what is asked of things of each type; empty when nothing is.</returns>
    private (ImmutableArray<Predicate?> Where, Selection Selection, CursorScope Of, int Page) Selection(Arguments arguments, ConnectionPlan plan, ImmutableArray<ModelType> types, string list, Times times, Period? during, SearchText? search = null, ModelEnd? end = null)
    {
        var (at, asOf) = times;
        var where = arguments.Get("where", variables) as InputObject;
        var predicates = where is { Fields.IsEmpty: false } ? Predicates(where, types, at) : [];
        var order = arguments.Get("order", variables) is object?[] orders ? PageInput.Order(orders, types[0]) : [];
        var (first, last) = (PageInput.Size(arguments.Get("first", variables), "first", limits), PageInput.Size(arguments.Get("last", variables), "last", limits));
        if (first is not null && last is not null)
            throw new Problem(ProblemCode.Invalid, Label.Of("Donnez « first » ou « last », pas les deux.", "Give either \"first\" or \"last\", not both."), "last", "page");
        if (last is null)
            first ??= limits.DefaultPage;
        var offset = PageInput.Offset(arguments, variables);
        var of = new CursorScope(list, end, order, where, times, during, search);
        var keys = search is not null && order.IsEmpty ? SearchInput.Keys : order.Length;
        return (predicates, new()
        {
            Order = order,
            First = first,
            Last = last,
            Offset = offset,
            After = PageInput.Position(arguments.Get("after", variables) as string, of, keys, "after", seal),
            Before = PageInput.Position(arguments.Get("before", variables) as string, of, keys, "before", seal),
            Counts = plan.WantsCount,
            WantsRows = plan.WantsRows,
            Groupings = plan.Groups.IsEmpty ? [] : Groupings(plan.Groups, types[0]),
        }, of, plan.WantsRows ? first ?? last ?? 0 : 0);
    }

    private ImmutableArray<Predicate?> Predicates(InputObject where, ImmutableArray<ModelType> types, DateOnly? at)
    {
        var filter = new Filters(reader.Today).Read(where, types, at);
        return [.. types.Select(t => reader.Bind(filter, t, Filters.Day(at ?? reader.Today)))];
    }

    private ImmutableArray<Grouping> Groupings(ImmutableArray<GroupPlan> plans, ModelType type) => [.. plans.Select(g => Grouping(g, type))];

    private Grouping Grouping(GroupPlan plan, ModelType type)
    {
        try
        {
            return new(
                [.. ((object?[])plan.Arguments.Get("by", variables)!).Select(f => new Sort(type.ByName[(string)f!], false))],
                [.. plan.Summed.Select(f => new Sort(f, false))]);
        }
        catch (Exception e) when (IsOfField(e))
        {
            throw At(plan.Place, e);
        }
    }

    private static bool IsOfField(Exception thrown) => thrown is Problem or Refusal;

    /// <summary>The same, told of a field.</summary>
    private static Exception At(FieldPlace place, Exception thrown) => thrown is Refusal refusal ? refusal.At(place) : new FieldProblem((Problem)thrown, place);
}
