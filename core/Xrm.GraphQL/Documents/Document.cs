using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;
using Xrm.GraphQL.Plans;
using Xrm.GraphQL.Schemas;
using Xrm.Sdk;

namespace Xrm.GraphQL.Documents;

/// <summary>A document that was parsed and validated against a schema, with its operations.</summary>
internal sealed class Document
{
    private readonly ImmutableArray<Operation> _operations;

    private Document(string text, GraphQLDocument syntax, GraphSchema schema)
    {
        Text = text;
        Syntax = syntax;
        Schema = schema;
        Fragments = syntax.Definitions.OfType<GraphQLFragmentDefinition>().ToDictionary(f => (string)f.FragmentName.Name.Value, StringComparer.Ordinal);
        _operations = [.. syntax.Definitions.OfType<GraphQLOperationDefinition>().Select(o => new Operation(this, o))];
    }

    public string Text { get; }
    public GraphQLDocument Syntax { get; }
    public GraphSchema Schema { get; }
    public Dictionary<string, GraphQLFragmentDefinition> Fragments { get; }

    /// <exception cref="Refusal">It cannot be parsed, or breaks a rule of GraphQL or of the schema: all that is wrong, in English after a French beginning.</exception>
    public static async ValueTask<Document> Read(string text, GraphSchema schema, GraphQLLimits limits)
    {
        DocumentScan.Check(text, limits);
        GraphQLDocument syntax;
        try
        {
            syntax = Parser.Parse(text, new ParserOptions { Ignore = IgnoreOptions.Comments, MaxDepth = limits.Nesting * 4 });
        }
        catch (GraphQLSyntaxErrorException wrong)
        {
            throw Refusal.Of(ProblemCode.Invalid, $"Le document n'est pas du GraphQL : {wrong.Description}", $"The document is not GraphQL: {wrong.Description}", "syntax", [new(wrong.Location.Line, wrong.Location.Column)]);
        }
        catch (GraphQLMaxDepthExceededException)
        {
            throw Refusal.Limit($"Le document s'imbrique sur plus de {limits.Nesting} niveaux.", $"The document nests more than {limits.Nesting} levels deep.", "nesting", limits.Nesting);
        }
        var document = new Document(text, syntax, schema);
        if (document._operations.IsEmpty)
            throw Refusal.Of(ProblemCode.Invalid, "Le document ne contient aucune opération.", "The document holds no operation.", "operation");
        await document.Validate();
        return document;
    }

    /// <exception cref="Refusal">There is none of that name, or several and no name is given.</exception>
    public Operation Operation(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return _operations.Length == 1 ? _operations[0] : throw Refusal.Of(ProblemCode.Invalid, "Le document contient plusieurs opérations : dites laquelle (operationName).", "The document holds several operations: say which (operationName).", "operationName");
        foreach (var operation in _operations)
            if (operation.Syntax.Name?.Value == name)
                return operation;
        throw Refusal.Of(ProblemCode.Invalid, $"Le document n'a pas d'opération nommée « {name} ».", $"The document has no operation named \"{name}\".", "operationName");
    }

    public Place PlaceOf(ASTNode node)
    {
        var location = Location.FromLinearPosition(Text, node.Location.Start);
        return new(location.Line, location.Column);
    }

    private async ValueTask Validate()
    {
        var result = await new DocumentValidator().ValidateAsync(new ValidationOptions
        {
            Schema = Schema.Types,
            Document = Syntax,
            Operation = Nothing,
            Variables = global::GraphQL.Inputs.Empty,
            Rules = DocumentValidator.CoreRules,
        });
        if (result.IsValid)
            return;
        throw new Refusal([.. result.Errors.Take(50).Select(error => new AnswerError(new Fault(ProblemCode.Invalid, Label.Of("Requête GraphQL invalide : " + error.Message, error.Message), null, (error as ValidationError)?.Number))
        {
            Places = [.. (error.Locations ?? []).Select(l => new Place(l.Line, l.Column))],
        })]);
    }

    /// <summary>Stands for the operation to run, whose variables the library would read at once; the rules look at the whole document all the same.</summary>
    private static readonly GraphQLOperationDefinition Nothing = new(new GraphQLSelectionSet([])) { Operation = OperationType.Query };
}

/// <summary>One operation of a document, and the plans it was compiled to.</summary>
internal sealed class Operation
{
    private const int MostPlans = 32;
    private readonly ConcurrentDictionary<string, OperationPlan> _plans = new(StringComparer.Ordinal);
    private readonly Lazy<ImmutableArray<Variable>> _variables;
    private readonly Lazy<FrozenDictionary<string, int>> _places;
    private readonly Lazy<ImmutableArray<string>> _switches;

    public Operation(Document document, GraphQLOperationDefinition syntax)
    {
        Document = document;
        Syntax = syntax;
        _variables = new(ReadVariableDefinitions);
        _places = new(() => _variables.Value.Select((v, i) => KeyValuePair.Create(v.Name, i)).ToFrozenDictionary(StringComparer.Ordinal));
        _switches = new(() => Switches.Of(document, syntax));
    }

    public Document Document { get; }
    public GraphQLOperationDefinition Syntax { get; }
    public bool IsMutation => Syntax.Operation == OperationType.Mutation;
    public bool IsSubscription => Syntax.Operation == OperationType.Subscription;

    /// <summary>Whether some plan of it is <see cref="OperationPlan.IsOfState"/>; false until one was compiled.</summary>
    public bool IsOfState { get; private set; }

    /// <summary>The values of its variables, defaults put in; those not given are not there.</summary>
    /// <exception cref="Refusal">Some are wrong: all of them are told.</exception>
    public IReadOnlyDictionary<string, object?> ReadVariables(JsonElement json)
    {
        var variables = _variables.Value;
        if (json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object))
            throw Refusal.Of(ProblemCode.Invalid, "« variables » doit être un objet.", "\"variables\" must be an object.", "variables");
        if (variables.IsEmpty)
            return ImmutableDictionary<string, object?>.Empty;
        var values = new VariableValues(_places.Value);
        var faults = new List<Fault>();
        foreach (var variable in variables)
            if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(variable.Name, out var given))
                values[variable.Name] = Inputs.Read(variable.Type, given, variable.Path, faults);
            else if (variable.HasDefault)
                values[variable.Name] = variable.Default;
            else if (variable.Type is NonNullGraphType)
                faults.Add(new Fault(ProblemCode.Invalid, Label.Of($"${variable.Name} : une valeur est obligatoire.", $"${variable.Name}: a value is required."), variable.Name, "required"));
        return faults.Count == 0 ? values : throw new Refusal(AnswerError.Of(new Problem(faults), default, [Document.PlaceOf(Syntax)]));
    }

    /// <summary>The plan for the variables' values: one for each combination of those that say what to skip and include.</summary>
    /// <exception cref="Refusal">It is deeper or larger than the limits allow.</exception>
    public OperationPlan Plan(IReadOnlyDictionary<string, object?> variables, GraphQLLimits limits)
    {
        var switches = _switches.Value;
        var key = switches.IsEmpty ? "" : string.Create(switches.Length, (switches, variables), static (span, s) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = s.variables.GetValueOrDefault(s.switches[i]) is true ? '1' : '0';
        });
        if (_plans.TryGetValue(key, out var plan))
            return plan;
        plan = PlanCompiler.Compile(this, variables, limits);
        if (plan.IsOfState)
            IsOfState = true;
        if (_plans.Count < MostPlans)
            _plans.TryAdd(key, plan);
        return plan;
    }

    private ImmutableArray<Variable> ReadVariableDefinitions() =>
    [
        .. (Syntax.Variables?.Items ?? []).Select(v =>
        {
            var type = TypeOf(v.Type);
            return new Variable((string)v.Variable.Name.Value, type, v.DefaultValue is not null, v.DefaultValue is null ? null : Inputs.Read(type, v.DefaultValue));
        }),
    ];

    private IGraphType TypeOf(GraphQLType type) => type switch
    {
        GraphQLNonNullType some => new NonNullGraphType(TypeOf(some.Type)),
        GraphQLListType list => new ListGraphType(TypeOf(list.Type)),
        GraphQLNamedType named => Document.Schema.Types.AllTypes[named.Name.Value]!,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}

/// <summary>A variable that an operation declares.</summary>
internal sealed record Variable(string Name, IGraphType Type, bool HasDefault, object? Default)
{
    /// <summary>What people call it.</summary>
    public string Path { get; } = "$" + Name;
}
