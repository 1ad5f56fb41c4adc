using System.Collections.Frozen;
using System.Collections.Immutable;
using GraphQL;
using GraphQL.Types;
using GraphQL.Utilities;
using Xrm.Core.Administration;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Running;

namespace Xrm.GraphQL.Schemas;

/// <summary>The schema of one model and the plugins that run with it, with the documents compiled for it: immutable but for the cache, swapped whole when the model is.</summary>
internal sealed class GraphSchema
{
    private readonly Lazy<string> _text;

    /// <param name="attachments">The plugins whose fields of their own stand in it.</param>
    /// <param name="administration">What changes plugins; null where nothing does: then nothing of it is in the schema.</param>
    /// <param name="nameOf">What an actor is called; null = nobody's name is known.</param>
    public GraphSchema(CompiledModel model, ImmutableArray<Attachment> attachments, GraphQLLimits limits, IPluginAdministration? administration = null, Func<string, string?>? nameOf = null)
    {
        Model = model;
        (Types, Objects) = SchemaBuilder.Build(model, attachments, administration, nameOf ?? (_ => null));
        Documents = new(this, limits);
        _text = new(() => Types.Print(new PrintOptions { StringComparison = null }));
    }

    public CompiledModel Model { get; }

    /// <summary>As the library knows it.</summary>
    public Schema Types { get; }

    /// <summary>The object of each entity type.</summary>
    public FrozenDictionary<ModelType, ObjectGraphType> Objects { get; }

    public DocumentCache Documents { get; }

    /// <summary>Answers to its documents; they go with it.</summary>
    public KeptAnswers Answers { get; } = new();

    /// <summary>In the schema definition language.</summary>
    public string Text => _text.Value;
}
