using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.GraphQL.Plans;
using Xrm.GraphQL.Schemas;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Has plugins answer what is asked of them: one call for all things of a level and each distinct set of arguments.</summary>
internal sealed class PluginAnswers(Reader reader, Binding binding, Run run, GraphQLLimits limits, CancellationToken cancellation)
{
    private static readonly byte[] Some = [];

    /// <summary>What one level was told already, by what was asked.</summary>
    internal sealed class Level : Dictionary<(object Asked, string Given), Told>;

    /// <summary>What a plugin told.</summary>
    /// <param name="Answers">For each thing, in the CLR form of the shape, or ids; null for none.</param>
    /// <param name="Problem">Why there are none, where that is to be said.</param>
    internal sealed record Told(object?[] Answers, Problem? Problem);

    /// <summary>Answers a field for the things of a level; where a plugin fails, the field is null and the failure is told beside the data.</summary>
    /// <param name="things">Each once.</param>
    /// <param name="below">Reads what is wanted of things that it answers.</param>
    public async ValueTask<Fetched> Read(LinkPlan link, int[] runOf, Row[] things, Level level, Func<Row[], ImmutableArray<SelectionPlan>, ValueTask<RowSet>> below)
    {
        var call = binding[link].Call;
        (object, string) asked = link.Computed is { } computed ? (computed, "") : (link.Own!, call!.Text);
        if (!level.TryGetValue(asked, out var told))
            level.Add(asked, told = link.Computed is not null ? await Computed(link.Computed, things) : await Ask(link.Own!, call!, [.. things.Select(t => EntityMaker.Make(reader, t))]));
        if (told.Problem is not null)
            run.Tell(told.Problem, link.Place);
        if (link.Node is null)
            return new(runOf) { Answers = Json(link, told.Answers) };
        var rows = await Things(link.Own!, told.Answers, call!, link.Node, link.Place);
        return new(runOf) { Rows = rows, Below = await below(rows.Items, link.Selections), Answers = [.. told.Answers.Select(a => a is null ? null : Some)] };
    }

    /// <summary>Calls a plugin for its own field.</summary>
    /// <param name="entities">None for the root.</param>
    public async ValueTask<Told> Ask(PluginField field, BoundCall call, ImmutableArray<Entity> entities)
    {
        var (attachment, registration) = (field.Attachment, field.Registration);
        var asked = new GraphCall(entities, call.Given, reader.Actor, attachment.Narrow(new ReaderDoor(reader, computes: true), () => reader.Model));
        var answers = new object?[Math.Max(entities.Length, 1)];
        var name = field.Field.On is null ? field.Field.Name : $"{field.Field.On.Name}.{field.Field.Name}";
        CallEnd end;
        try
        {
            end = await HookCalls.One(attachment, reader.Options, reader.Options.HookTime, HookCalls.Named("GraphFields", name), Answer, asked, cancellation);
        }
        catch (Problem problem)
        {
            return new(new object?[answers.Length], problem);
        }
        if (end == CallEnd.Done)
            return TooMany(field, answers) is { } tooMany ? new(new object?[answers.Length], tooMany) : new(answers, null);
        // Of a call that is too late the answers may still be coming in: others are given.
        return new(new object?[answers.Length], registration.WhenFailing == WhenFailing.GoOn ? null : new Problem(HookFaults.Of(end, attachment, Label.Of(
            $"en répondant à {field.Field.Label.Fr}", $"while answering {field.Field.Label.En}"))));

        async ValueTask Answer(GraphCall given, CancellationToken token)
        {
            await field.Field.Answer(given, token);
            for (var i = 0; i < answers.Length; i++)
                answers[i] = Kept(field, given.AnswerAt(i));
        }
    }

    /// <summary>The things that a plugin named, as far as whoever asks may see them: a run for each thing asked of.</summary>
    public async ValueTask<Rows> Things(PluginField field, object?[] answers, BoundCall call, SelectionPlan node, FieldPlace place)
    {
        var lists = answers.Select(a => a switch { null => [], ImmutableArray<object> many => many.Select(id => ((EntityId)id).Value).ToArray(), _ => [((EntityId)a).Value] }).ToArray();
        var named = lists.Sum(l => l.Length);
        if (named > call.Most)
        {
            // More than was counted on: what is wanted of each must fit the request's limit all the same.
            binding.Count(named - call.Most, 1, place);
            binding.Links([node], named, new(call.At, null));
        }
        var ids = lists.SelectMany(l => l).Distinct().ToImmutableArray();
        if (ids.IsEmpty)
            return new() { Items = [], Starts = new int[lists.Length + 1] };
        var found = await reader.Read(new ReadStep.ById(ids) { Views = [TypeView.Of(field.Thing!)] }, cancellation);
        var seen = found.Items.ToDictionary(r => r.Entity.Id);
        var items = new List<Row>(named);
        var starts = new int[lists.Length + 1];
        for (var i = 0; i < lists.Length; i++)
        {
            foreach (var id in lists[i])
                if (seen.TryGetValue(id, out var row))
                    items.Add(row);
            starts[i + 1] = items.Count;
        }
        return new() { Items = [.. items], Starts = starts };
    }

    private Problem? TooMany(PluginField field, object?[] answers)
    {
        var most = field.IsList ? answers.Max(a => a is ImmutableArray<object> many ? many.Length : 0) : 0;
        return most <= limits.PageSize ? null : new(ProblemCode.Limit, Label.Of(
            $"Le module {field.Attachment.Plugin} répond {most} fiches à {field.Field.Name} ; {limits.PageSize} au plus sont admises.",
            $"Plugin {field.Attachment.Plugin} answers {most} things to {field.Field.Name}; at most {limits.PageSize} are allowed."), null, "pageSize");
    }

    private async ValueTask<Told> Computed(ModelField field, Row[] things)
    {
        var (values, problem) = await ComputedFields.Of(reader, field, things, reader.Options.HookTime, cancellation);
        return new(values, problem);
    }

    /// <summary>The JSON of a value of a plugin's own field.</summary>
    public static byte[] Json(PluginField field, object answer) =>
        JsonValue.Write(((GraphResult.Value)field.Field.Result).Shape, answer, field.IsMany);

    private static byte[]?[] Json(LinkPlan link, object?[] answers) =>
        [.. answers.Select(a => a is null ? null : link.Computed is { } computed ? FieldValue.Json(computed, a) : Json(link.Own!, a))];

    /// <summary>An answer in the form in which it is used; null for none.</summary>
    /// <exception cref="InvalidOperationException">It is not what the field said it answers.</exception>
    private static object? Kept(PluginField field, object? answer)
    {
        if (answer is null)
            return null;
        var fits = field.Field.Result is GraphResult.Value { Shape: var shape }
            ? ShapeValues.Conform(shape, field.IsMany, ref answer)
            : field.IsMany ? answer is ImmutableArray<object> { IsDefault: false } many && many.All(id => id is EntityId) : answer is EntityId;
        return fits ? answer : throw new InvalidOperationException($"The field {field.Field.Name} was given a {answer.GetType().Name}; it answers {field.Field.Result}.");
    }
}
