using System.Collections.Immutable;
using GraphQL.Types;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Sdk;
using static Xrm.GraphQL.Schemas.SchemaFields;

namespace Xrm.GraphQL.Schemas;

/// <summary>A field of the schema that is a plugin's own.</summary>
/// <param name="Attachment">The plugin that answers.</param>
/// <param name="Registration">What it added.</param>
/// <param name="Thing">The type of the things that it answers; null when it answers values.</param>
internal sealed record PluginField(Attachment Attachment, Registration<GraphField> Registration, ModelType? Thing)
{
    public GraphField Field => Registration.Handler;

    public bool IsMany => Field.Result is GraphResult.Value { IsMany: true } or GraphResult.Things { IsMany: true };

    /// <summary>Whether it answers a list of things.</summary>
    public bool IsList => Thing is not null && IsMany;
}

/// <summary>Puts plugins' own fields on the root of queries and on entity types.</summary>
internal static class PluginFields
{
    /// <summary>Those whose types are absent wait for them. What is wrong with a field was told when its plugin attached; here such a field is left out, so that no plugin breaks the schema.</summary>
    public static void Add(ImmutableArray<Attachment> attachments, SchemaParts parts, ObjectGraphType query)
    {
        foreach (var attachment in attachments)
            foreach (var registration in attachment.Hooks.GraphFields.Registrations)
                Add(attachment, registration, parts, query);
    }

    private static void Add(Attachment attachment, Registration<GraphField> registration, SchemaParts parts, ObjectGraphType query)
    {
        var field = registration.Handler;
        var on = field.On is null ? query : parts.Model.Type(field.On.Name) is { } type ? parts.Objects[type] : null;
        var thing = field.Result is GraphResult.Things things ? parts.Model.Type(things.Type.Name) : null;
        var name = ModelNames.OfPlugin(attachment.Plugin, field.Name);
        if (on is null || field.Result is GraphResult.Things && thing is null || !Names.IsValid(name) || on.HasField(name))
            return;
        var arguments = field.Arguments.Where(a => Names.IsValid(a.Name)).DistinctBy(a => a.Name).Select(a =>
            Argument(a.Name, a.IsRequired ? parts.Scalars.Of(a.Shape).NonNull() : parts.Scalars.Of(a.Shape), Names.Description(a.Label)));
        IGraphType of = thing is not null ? parts.Objects[thing] : parts.Scalars.Of(((GraphResult.Value)field.Result).Shape);
        var meaning = new PluginField(attachment, registration, thing);
        on.Add(name, meaning.IsMany ? of.NonNull().ListOf() : of, Names.Description(field.Label), new Meaning.OfPlugin(meaning), arguments);
    }
}
