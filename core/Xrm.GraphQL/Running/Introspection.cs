using System.Text.Json;
using GraphQL;
using GraphQL.SystemTextJson;
using GraphQL.Types;
using GraphQLParser.AST;
using Xrm.GraphQL.Plans;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>The schema as the library tells it: __schema and __type are all that it runs.</summary>
internal sealed class Introspection
{
    private static readonly GraphQLSerializer Serializer = new();
    private readonly JsonElement _data;

    private Introspection(JsonElement data) => _data = data;

    /// <summary>Runs the introspection fields of an operation, those of its root taken by themselves.</summary>
    public static async ValueTask<Introspection> Run(Run run, CancellationToken cancellation)
    {
        var (syntax, document) = (run.Operation.Syntax, run.Operation.Document);
        var fields = run.Plan.Roots.SelectMany(r => r.Introspection).Cast<ASTNode>().ToList();
        var operation = new GraphQLOperationDefinition(new GraphQLSelectionSet(fields) { Location = syntax.SelectionSet.Location })
        {
            Operation = OperationType.Query,
            Variables = syntax.Variables,
            Location = syntax.Location,
        };
        var definitions = new List<ASTNode> { operation };
        definitions.AddRange(document.Fragments.Values);
        var result = await new DocumentExecuter().ExecuteAsync(new ExecutionOptions
        {
            Schema = document.Schema.Types,
            Query = document.Text,
            Document = new GraphQLDocument(definitions) { Source = document.Text },
            Variables = new Inputs(run.Variables.ToDictionary(v => v.Key, v => v.Value)),
            ValidationRules = [],
            CancellationToken = cancellation,
        });
        if (result.Errors is [var error, ..])
            throw new InvalidOperationException("Introspection failed.", error);
        using var json = new MemoryStream();
        await Serializer.WriteAsync(json, result, cancellation);
        using var parsed = JsonDocument.Parse(json.ToArray());
        return new(parsed.RootElement.GetProperty("data").Clone());
    }

    public void Write(RootPlan root, AnswerBuffer buffer)
    {
        if (_data.TryGetProperty(root.Place.Path[0], out var value))
            FactWriter.Leaf(buffer, value);
        else
            throw new Problem(ProblemCode.Internal, Label.Of("Le schéma n'a pas pu être décrit.", "The schema could not be described."));
    }
}
