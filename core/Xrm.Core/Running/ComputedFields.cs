using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Has plugins give computed fields their values: one call for all things of a level.</summary>
internal static class ComputedFields
{
    /// <summary>The values of a field for some things, as far as whoever reads may see them.</summary>
    /// <param name="rows">Of the field's type, each thing once.</param>
    /// <param name="limit">How long the plugin may take.</param>
    /// <returns>A value for each row, null for none; and what to tell when the plugin gave none and said that this is to be told.</returns>
    public static async ValueTask<(object?[] Values, Problem? Problem)> Of(Reader reader, ModelField field, IReadOnlyList<Row> rows, TimeSpan limit, CancellationToken cancellation)
    {
        var values = new object?[rows.Count];
        if (Answering(reader.Force, field) is not var (attachment, registration))
            return (values, null);
        var seen = Enumerable.Range(0, rows.Count).Where(i => reader.Sees(field, rows[i])).ToArray();
        if (seen.Length == 0)
            return (values, null);
        // All of it is the plugin's to see: what comes of it is shown to whoever may see the field.
        var own = reader.For(attachment.Actor);
        var computing = new Computing([.. seen.Select(i => EntityMaker.Make(own, rows[i]))], reader.Today, reader.Options.Time.GetUtcNow(), reader.Actor,
            attachment.Narrow(new ReaderDoor(own), () => reader.Model));
        var given = new object?[seen.Length];
        CallEnd end;
        try
        {
            end = await HookCalls.One(attachment, reader.Options, limit, HookCalls.Named("Computed", field.ToString()), Compute, computing, cancellation);
        }
        catch (Problem problem)
        {
            return (values, problem);
        }
        if (end != CallEnd.Done)
            return (values, registration.WhenFailing == WhenFailing.GoOn ? null : new Problem(HookFaults.Of(end, attachment, Label.Of(
                $"en calculant {field.Description.Label.Fr}", $"while computing {field.Description.Label.En}")) with { Field = field.Name }));
        for (var i = 0; i < seen.Length; i++)
            values[seen[i]] = given[i];
        return (values, null);

        async ValueTask Compute(Computing asked, CancellationToken token)
        {
            await registration.Handler(asked, token);
            for (var i = 0; i < given.Length; i++)
                given[i] = Kept(field, asked.ValueAt(i));
        }
    }

    /// <summary>The plugin whose field it is, with the handler that it added last; null when none gives the field its values.</summary>
    private static (Attachment Attachment, Registration<Func<Computing, CancellationToken, ValueTask>> Registration)? Answering(Force force, ModelField field)
    {
        foreach (var attachment in force.Attachments)
            if (attachment.Plugin == field.Plugin && attachment.Hooks.Computed(field.ToString()).Registrations is [.., var last])
                return (attachment, last);
        return null;
    }

    /// <summary>A value in the form in which it would be kept; null for none.</summary>
    /// <exception cref="InvalidOperationException">It does not have the field's shape.</exception>
    private static object? Kept(ModelField field, object? value)
    {
        if (value is null || !ShapeValues.Conform(field.Shape, field.IsMany, ref value))
            return value is null ? null : throw new InvalidOperationException($"{field} was given a {value.GetType().Name}; its shape is {field.Shape}{(field.IsMany ? ", many" : "")}.");
        if (field.Codes is { } codes && (value is ImmutableArray<object> many ? [.. many] : new[] { value }).OfType<string>().FirstOrDefault(code => !codes.Contains(code)) is { } unknown)
            throw new InvalidOperationException($"{field} was given {unknown}, which is none of its choices.");
        return FieldValue.IsEmpty(value) ? null : value;
    }
}
