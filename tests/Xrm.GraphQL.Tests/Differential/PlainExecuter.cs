using System.Text.Json;
using GraphQL;
using GraphQL.Resolvers;
using GraphQL.SystemTextJson;
using GraphQL.Types;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>The library's own executer over the same schema text, its fields answered from plain lists.</summary>
internal sealed class PlainExecuter
{
    private static readonly GraphQLSerializer Serializer = new();

    public PlainExecuter(string schemaText)
    {
        Schema = global::GraphQL.Types.Schema.For(schemaText, builder =>
        {
            foreach (var name in (string[])["Node", "Entity"])
                builder.Types.For(name).ResolveType = source => (IObjectGraphType)Schema!.AllTypes[((Seen)source).Thing.Type.Name]!;
        });
        // What goes on without end is for tests of its own.
        Schema.Subscription = null;
        foreach (var scalar in PlainScalar.All)
            Schema.RegisterType(scalar);
        Schema.Initialize();
        var resolver = new FuncFieldResolver<object?>(context => ((PlainAnswers)context.RootValue!).Resolve(context));
        foreach (var type in Schema.AllTypes.OfType<IObjectGraphType>().Where(t => !t.Name.StartsWith("__", StringComparison.Ordinal)))
            foreach (var field in type.Fields)
                field.Resolver = resolver;
    }

    public Schema Schema { get; }

    /// <summary>The answer of the default strategy, in the form in which answers are compared.</summary>
    public async Task<string> Answer(RandomDocument document, PlainAnswers answers)
    {
        var result = await new DocumentExecuter().ExecuteAsync(new ExecutionOptions
        {
            Schema = Schema,
            Query = document.Text,
            Variables = Serializer.Deserialize<Inputs>(document.VariablesJson) ?? Inputs.Empty,
            Root = answers,
        });
        var errors = (result.Errors ?? []).Select(e => e is PlainError told ? told.Told : new ToldError(result.Executed ? "?" + e.InnerException : "INVALID", "", e.Message)).ToArray();
        if (errors.FirstOrDefault(e => e.Code == "LIMIT") is { } limit)
            return AnswerText.Of(null, [limit], isRefused: true);
        if (!result.Executed)
            return AnswerText.Of(null, [errors[0]], isRefused: true);
        using var json = new MemoryStream();
        await Serializer.WriteAsync(json, result);
        using var parsed = JsonDocument.Parse(json.ToArray());
        return AnswerText.Of(parsed.RootElement.GetProperty("data"), errors, isRefused: false);
    }
}
