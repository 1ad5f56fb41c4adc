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
    private readonly LogPages _pages;
    private readonly PluginAnswers _plugins;
    private readonly Fetcher _fetcher;
    private readonly FactWriter _facts;
    private readonly RowWriter _rows;
    private readonly BoundRoot[] _roots;

    public QueryRun(Run run, Reader reader, CursorSeal seal, GraphQLLimits limits, CancellationToken cancellation)
    {
        _run = run;
        _reader = reader;
        _limits = limits;
        _cancellation = cancellation;
        _binding = new(reader, run.Variables, run.Plan.Links, seal, limits);
        _pages = new(reader, seal, cancellation);
        _plugins = new(reader, _binding, run, limits, cancellation);
        _fetcher = new(reader, _binding, _pages, _plugins, cancellation);
        _facts = new(run.Buffer, new(reader));
        _rows = new(run.Buffer, reader, _binding, seal, _facts);
        _roots = new BoundRoot[run.Plan.Roots.Length];
    }

    public async ValueTask<GraphQLAnswer> Answer()
    {
        // All roots are bound before the first is read: limits hold for the request, and what is wrong costs nothing.
        for (var i = 0; i < _roots.Length; i++)
            _roots[i] = Bound(_run.Plan.Roots[i]);
        Introspection? introspection = null;
        return await _run.Answer(async (root, i) =>
        {
            if (root.Introspection.IsEmpty)
                await Write(root, _roots[i]);
            else
                (introspection ??= await Introspection.Run(_run, _cancellation)).Write(root, _run.Buffer);
        }, isSerial: false);
    }

    /// <summary>Writes what is wanted of things that were found, those not there as null.</summary>
    public async ValueTask Things(SelectionPlan node, Rows rows, bool asList)
    {
        var below = await _fetcher.Below(rows.Items, [node]);
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
    public void Bind(SelectionPlan node) => _binding.Links([node], 1);

    private BoundRoot Bound(RootPlan root)
    {
        try
        {
            return root.Meaning switch
            {
                Meaning.List list => new(null, _binding.List(root, list.Type)),
                Meaning.Search => new(null, _binding.Search(root)),
                Meaning.Point point => Point(root, point.Type),
                Meaning.ByKey key => new(new ReadStep.ByKey(key.Unique, [Key(root, key.Unique)]) { Views = [TypeView.Of(key.Unique.Type)] }, null) { Below = Below(root, 1) },
                Meaning.Node => new(ById(root, [Filters.Id(_binding.Argument(root, "id")).Value]), null) { Below = Below(root, 1) },
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
        var id = Filters.Id(_binding.Argument(root, "id")).Value;
        var below = Below(root, 1);
        var step = new ReadStep.ById([id]) { Views = [TypeView.Of(type)] };
        if (_binding.Argument(root, "asOf") is not DateTimeOffset at)
            return new(step, null) { Below = below };
        if (root.Node!.Objects.SelectMany(o => o.Links).FirstOrDefault() is { } link)
            throw new FieldProblem(new Problem(ProblemCode.Invalid, Label.Of(
                "Avec asOf, seuls les champs de la fiche se lisent ; ses relations, son historique et ce que calcule un module ne se demandent pas.",
                "With asOf only the entity's fields can be read; its relationships, its history and what a plugin computes cannot be asked for."), "asOf", "asOf"), link.Place);
        return new(step, null) { Below = below, AsOf = at };
    }

    private BoundRoot Many(RootPlan root)
    {
        var ids = (object?[])_binding.Argument(root, "ids")!;
        if (ids.Length > _limits.PageSize)
            throw new Problem(ProblemCode.Limit, Label.Of($"« ids » a {ids.Length} identifiants ; {_limits.PageSize} au plus sont admis.", $"\"ids\" has {ids.Length} ids; at most {_limits.PageSize} are allowed."), "ids", "pageSize");
        return new(ById(root, [.. ids.Select(id => Filters.Id(id, "ids").Value)]), null) { Below = Below(root, ids.Length) };
    }

    private static ReadStep.ById ById(RootPlan root, ImmutableArray<Guid> ids) => new(ids) { Views = [.. root.Node!.Objects.Select(o => TypeView.Of(o.Type))] };

    private bool Below(RootPlan root, long things)
    {
        _binding.Count(1, things, root.Place);
        _binding.Links([root.Node!], things);
        return true;
    }

    private ImmutableArray<Operand> Key(RootPlan root, ModelKey key) =>
    [
        .. key.Fields.Select(f => _binding.Argument(root, f.Name) is { } value
            ? new Operand(value, JsonValue.Write(f.Shape, value))
            : throw new Problem(ProblemCode.Invalid, Label.Of("Une valeur est obligatoire.", "A value is required."), f.Name, "required")),
    ];

    private async ValueTask Write(RootPlan root, BoundRoot bound)
    {
        if (bound.Wrong is not null)
            throw bound.Wrong;
        _cancellation.ThrowIfCancellationRequested();
        if (bound.AsOf is { } at)
        {
            var id = ((ReadStep.ById)bound.Step!).Ids[0];
            var row = await _reader.AsOf(id, at, _cancellation);
            var isThere = row is { } known && known.Entity.TypeOrdinal == root.Node!.Objects[0].Type.Ordinal;
            await Things(root.Node!, new Rows { Items = isThere ? [row!.Value] : [], Starts = isThere ? [0, 1] : [0, 0] }, asList: false);
        }
        else if (bound.Step is not null)
            await Things(root.Node!, await _reader.Read(bound.Step, _cancellation), root.Meaning is Meaning.ManyNodes);
        else if (root.Meaning is Meaning.OfPlugin plugin)
            await OfPlugin(root, plugin.Field, bound.Call!);
        else if (bound.List is { } list)
        {
            var rows = await _reader.Read(list.Step, _cancellation);
            var below = await _fetcher.Below(rows.Items, root.Connection!.Selections);
            var selection = list.Step.Selection;
            _rows.Connection(root.Connection!, rows, 0, below, selection.Order, list.Of, selection.After is not null, selection.Before is not null);
        }
        else
            Fact(root.Meaning switch
            {
                Meaning.Changes => await _pages.Changes(bound.Window, root.Place),
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
        public DateTimeOffset? AsOf { get; init; }
        public LogWindow Window { get; init; }
        /// <summary>Of a plugin's own field.</summary>
        public BoundCall? Call { get; init; }
        /// <summary>What lies below was bound too.</summary>
        public bool Below { get; init; }
        /// <summary>What is wrong with its arguments; thrown when its turn comes.</summary>
        public Exception? Wrong { get; init; }
    }
}
