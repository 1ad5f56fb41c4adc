using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Plans;
using Xrm.GraphQL.Schemas;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Runs the root fields of a query on one state of the data.</summary>
internal sealed class QueryRun
{
    private readonly Run _run;
    private readonly Reader _reader;
    private readonly CancellationToken _cancellation;
    private readonly GraphQLLimits _limits;
    private readonly Binding _binding;
    private readonly PluginAnswers _plugins;
    private readonly Fetcher _fetcher;
    private readonly FactWriter _facts;
    private readonly RowWriter _rows;
    private readonly BoundRoot?[] _roots;
    private readonly CursorSeal _seal;
    private Introspection? _introspection;

    public QueryRun(Run run, Reader reader, CursorSeal seal, GraphQLLimits limits, CancellationToken cancellation)
    {
        _run = run;
        _reader = reader;
        _limits = limits;
        _cancellation = cancellation;
        _seal = seal;
        _binding = new(reader, run.Variables, run.Plan.Links, seal, limits, run.Explains);
        _plugins = new(reader, _binding, run, limits, cancellation);
        _fetcher = new(reader, _binding, seal, _plugins, limits, cancellation);
        _facts = new(run.Buffer, new(reader));
        _rows = new(run.Buffer, reader, _binding, seal, _facts, cancellation);
        _roots = new BoundRoot[run.Plan.Roots.Length];
    }

    /// <summary>How many things could be touched by what was bound so far.</summary>
    public long Cost => _binding.Cost;

    /// <summary>The plan as text, with what is known of its run so far.</summary>
    /// <param name="showsKeys">For the author of the request, not for a log.</param>
    public string Explain(bool showsKeys) => new PlanText(_reader, _binding, showsKeys).Of(_run.Plan, i => _roots[i]?.List?.Step ?? _roots[i]?.Step);

    public async ValueTask<GraphQLAnswer> Answer()
    {
        // All roots are bound before the first is read: limits hold for the request, and what is wrong costs nothing.
        for (var i = 0; i < _roots.Length; i++)
            _roots[i] = Bound(_run.Plan.Roots[i]);
        _run.Budget?.Take(Cost);
        if (_binding.Moments.Count > 0)
            await OpenPasts();
        return await _run.Answer(this, static (query, root, i) => query.Write(root, i), isSerial: false, _run.Explains ? () => Explain(showsKeys: true) : null);
    }

    /// <summary>Goes back to the moments that are asked for; one that lies too far back refuses the whole request.</summary>
    public async ValueTask OpenPasts()
    {
        foreach (var moment in _binding.Moments)
            try
            {
                await _fetcher.AsOf(moment);
            }
            catch (Problem problem) when (problem.Code != ProblemCode.Limit)
            {
                // Told where the moment is asked for; what is of now is answered.
            }
    }

    /// <summary>Writes what is wanted of things that were found, those not there as null.</summary>
    public async ValueTask Things(SelectionPlan node, Rows rows, bool asList)
    {
        var below = await _fetcher.Below(rows.Items, node.Alone, areApart: false);
        if (asList)
            _run.Buffer.Write((byte)'[');
        for (var i = 0; i + 1 < rows.Starts.Length; i++)
        {
            if (i > 0)
                _run.Buffer.Write((byte)',');
            if (rows.Starts[i] == rows.Starts[i + 1])
                _run.Buffer.WriteNull();
            else
                _rows.Thing(node, below, rows.Starts[i]);
        }
        if (asList)
            _run.Buffer.Write((byte)']');
    }

    public void Own(OutField field, in Row row) => _rows.Own(field, row);

    public void Fact(object fact, FactPlan plan) => _facts.Write(fact, plan);

    /// <summary>Binds what is wanted of one thing.</summary>
    public void Bind(SelectionPlan node) => _binding.Links(node.Alone, 1);

    private BoundRoot Bound(RootPlan root)
    {
        try
        {
            return root.Meaning switch
            {
                Meaning.List list => new(null, _binding.List(root, list.Type)),
                Meaning.Search => new(null, _binding.Search(root)),
                Meaning.Point point => Point(root, point.Type),
                Meaning.ByKey key => Things(root, new ReadStep.ByKey(key.Unique, [Key(root, key.Unique)]) { Views = root.Node!.Views }, 1),
                Meaning.Node => Things(root, ById(root, [Filters.Id(_binding.Argument(root, "id")).Value]), 1),
                Meaning.ManyNodes => Many(root),
                Meaning.OfPlugin { Field: var field } => new(null, null) { Call = _binding.Call(field, root.Arguments, root.Node, root.Place, 1) },
                Meaning.Changes => new(null, null) { Window = _binding.Window(root.Arguments, root.Place, 1) },
                _ => new(null, null),
            };
        }
        catch (Problem problem) when (problem.Code != ProblemCode.Limit)
        {
            return new(null, null) { Wrong = problem };
        }
        catch (FieldProblem field) when (field.Problem.Code != ProblemCode.Limit)
        {
            return new(null, null) { Wrong = field };
        }
    }

    private BoundRoot Point(RootPlan root, ModelType type)
    {
        var step = ById(root, [Filters.Id(_binding.Argument(root, "id")).Value]);
        if (_binding.Argument(root, "asOf") is not DateTimeOffset at || root.Node!.Objects.Any(o => !o.Links.IsEmpty) || !_reader.KnowsPast(type))
            return Things(root, step, 1);
        // Its own fields are told from its own changes: that is short, and has no bound.
        _binding.Count(1, 1, root.Place);
        return new(step, null) { AsOf = at, IsAlone = true };
    }

    private BoundRoot Things(RootPlan root, ReadStep step, int count)
    {
        // A field of a key may be called so; then that is what is given.
        var asOf = root.Meaning is Meaning.ByKey { Unique: var key } && key.Fields.Any(f => f.Name == "asOf") ? null : _binding.Moment(root.Arguments, null, root.Place);
        _binding.Count(1, count, root.Place);
        _binding.Links(root.Node!.Alone, count, new(null, asOf));
        return new(step, null) { AsOf = asOf };
    }

    private BoundRoot Many(RootPlan root)
    {
        var ids = (object?[])_binding.Argument(root, "ids")!;
        if (ids.Length > _limits.PageSize)
            throw Refusal.Limit($"« ids » a {ids.Length} identifiants ; {_limits.PageSize} au plus sont admis.", $"\"ids\" has {ids.Length} ids; at most {_limits.PageSize} are allowed.", "pageSize", _limits.PageSize, ids.Length, [root.Place.Place], "ids").At(root.Place);
        return Things(root, ById(root, [.. ids.Select(id => Filters.Id(id, "ids").Value)]), ids.Length);
    }

    private static ReadStep.ById ById(RootPlan root, ImmutableArray<Guid> ids) => new(ids) { Views = root.Node!.Views };

    private ImmutableArray<Operand> Key(RootPlan root, ModelKey key) =>
    [
        .. key.Fields.Select(f => _binding.Argument(root, f.Name) is { } value
            ? new Operand(value, JsonValue.Write(f.Shape, value))
            : throw new Problem(ProblemCode.Invalid, Label.Of("Une valeur est obligatoire.", "A value is required."), f.Name, "required")),
    ];

    private ValueTask Write(RootPlan root, int index) => root.Introspection.IsEmpty ? Write(root, _roots[index]!) : WriteSchema(root);

    private async ValueTask WriteSchema(RootPlan root) => (_introspection ??= await Introspection.Run(_run, _cancellation)).Write(root, _run.Buffer);

    private async ValueTask Write(RootPlan root, BoundRoot bound)
    {
        if (bound.Wrong is not null)
            throw bound.Wrong;
        _cancellation.ThrowIfCancellationRequested();
        if (bound.IsAlone)
        {
            var row = await _reader.AsOf(root.Node!.Objects[0].Type, ((ReadStep.ById)bound.Step!).Ids[0], bound.AsOf!.Value, _cancellation);
            await Things(root.Node, new Rows { Items = row is { } known ? [known] : [], Starts = row is null ? [0, 0] : [0, 1] }, asList: false);
        }
        else if (bound.Step is not null)
            await Things(root.Node!, await (await _fetcher.AsOf(bound.AsOf)).Read(bound.Step, _cancellation), root.Meaning is Meaning.ManyNodes);
        else if (root.Meaning is Meaning.OfPlugin plugin)
            await OfPlugin(root, plugin.Field, bound.Call!);
        else if (bound.List is { } list)
        {
            var rows = await (await _fetcher.AsOf(list.AsOf)).Read(list.Step, _cancellation);
            var below = await _fetcher.Below(rows.Items, root.Connection!.Selections, areApart: true);
            var selection = list.Step.Selection;
            _rows.Connection(root.Connection!, rows, 0, below, selection.Order, list.Of, selection.After is not null, selection.Before is not null);
        }
        else
            Fact(root.Meaning switch
            {
                Meaning.Changes => await new LogPages(_reader, _seal, _cancellation).Changes(bound.Window, root.Place),
                Meaning.TheModel => _reader.Model,
                Meaning.Plugins plugins => _reader.Actor.IsAdministrator ? plugins.Administration.Plugins : [],
                _ => (object)_reader.Actor,
            }, root.Facts!);
    }

    private async ValueTask OfPlugin(RootPlan root, PluginField field, BoundCall call)
    {
        var (answers, problem) = await _plugins.Ask(field, call, []);
        if (problem is not null)
            throw problem;
        var rows = root.Node is null ? null : await _plugins.Things(field, answers, call, root.Node, root.Place);
        if (answers[0] is not { } answer)
            _run.Buffer.WriteNull();
        else if (rows is null)
            _run.Buffer.Write(PluginAnswers.Json(field, answer));
        else
            await Things(root.Node!, field.IsList ? new Rows { Items = rows.Items, Starts = [.. Enumerable.Range(0, rows.Items.Length + 1)] } : rows, field.IsList);
    }

    /// <summary>A root field with its arguments.</summary>
    private sealed record BoundRoot(ReadStep? Step, BoundList? List)
    {
        /// <summary>The moment as of which it is read; null = now.</summary>
        public DateTimeOffset? AsOf { get; init; }
        /// <summary>Whether it is read from one thing's own changes alone.</summary>
        public bool IsAlone { get; init; }
        public LogWindow Window { get; init; }
        /// <summary>Of a plugin's own field.</summary>
        public BoundCall? Call { get; init; }
        /// <summary>What is wrong with its arguments; thrown when its turn comes.</summary>
        public Exception? Wrong { get; init; }
    }
}
