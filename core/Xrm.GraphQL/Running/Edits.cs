using System.Collections.Immutable;
using System.Text.Json;
using GraphQL.Types;
using Xrm.Core.Model;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Plans;
using Xrm.GraphQL.Schemas;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Turns the arguments of mutations into commits.</summary>
internal sealed class Edits(GraphSchema schema, Func<Arguments, string, object?> argument, GraphQLLimits limits)
{
    /// <summary>The commit of a mutation and the id of what it writes; a new id each time where the caller gave none.</summary>
    /// <exception cref="Problem">Invalid: everything that is wrong with the arguments; Limit: too many edits.</exception>
    public (Commit Commit, EntityId Id) Of(RootPlan root, Meaning.Write write)
    {
        if (write.Kind == WriteKind.Commit)
            return (Of((InputObject)Get("input")!), default);
        var type = write.Type!;
        var id = Get("id") is { } given ? Filters.Id(given) : write.Kind is WriteKind.Create or WriteKind.Relate
            ? EntityId.New()
            : throw new Problem(ProblemCode.Invalid, Label.Of("Un identifiant est obligatoire.", "An id is required."), "id", "required");
        var version = (int?)Get("expectedVersion");
        Edit edit = write.Kind switch
        {
            WriteKind.Create => new Edit.Create(type.Name, id, ValuesOf(type, Get("input"))),
            WriteKind.Update => new Edit.Update(type.Name, id, version, ValuesOf(type, write.Move is null ? Get("set") : Get("input"))) { Move = write.Move },
            WriteKind.Delete => new Edit.Delete(type.Name, id, version),
            WriteKind.Relate => Relate(type.Name, id, Filters.Id(Get("source"), "source"), Filters.Id(Get("target"), "target"), ValuesOf(type, Get("input"))),
            WriteKind.Change => new Edit.Change(type.Name, id, version, ValuesOf(type, Get("set"))),
            WriteKind.End => new Edit.End(type.Name, id, version, (DateOnly)Get("on")!),
            _ => new Edit.Unrelate(type.Name, id, version),
        };
        var commit = Get("commitId") is { } commitId ? Filters.Id(commitId, "commitId") : EntityId.New();
        return (new Commit(commit, [edit]) { OnConflict = Conflict(Get("onConflict")) }, id);

        object? Get(string name) => argument(root.Arguments, name);
    }

    private Commit Of(InputObject input)
    {
        var edits = (object?[])input["edits"]!;
        if (edits.Length > limits.Batch)
            throw Refusal.Limit($"Le lot a {edits.Length} modifications ; {limits.Batch} au plus sont admises.", $"The commit has {edits.Length} edits; at most {limits.Batch} are allowed.", "batch", limits.Batch, edits.Length, default, "edits");
        var faults = new List<Fault>();
        var made = ImmutableList.CreateBuilder<Edit>();
        for (var i = 0; i < edits.Length; i++)
            try
            {
                var (name, value) = ((InputObject)edits[i]!).Fields[0];
                var before = faults.Count;
                made.Add(Of(name, (InputObject)value!, faults));
                for (var f = before; f < faults.Count; f++)
                    faults[f] = faults[f] with { Edit = i };
            }
            catch (Problem problem)
            {
                faults.AddRange(problem.Faults.Select(f => f with { Edit = i }));
            }
        return faults.Count == 0
            ? new Commit(Filters.Id(input["id"]), made.ToImmutable()) { OnConflict = Conflict(input["onConflict"]) }
            : throw new Problem(faults);
    }

    private Edit Of(string kind, InputObject edit, List<Fault> faults)
    {
        var type = (string)edit["type"]!;
        var id = edit["id"] is { } given ? Filters.Id(given) : EntityId.New();
        var version = (int?)edit["expectedVersion"];
        return kind switch
        {
            "create" => new Edit.Create(type, id, Json("Create")),
            "update" => new Edit.Update(type, id, version, Json("Update")) { Move = (string?)edit["move"] },
            "delete" => new Edit.Delete(type, id, version),
            "relate" => new Edit.Relate(type, id, Filters.Id(edit["source"], "source"), Filters.Id(edit["target"], "target"), new Period((DateOnly?)edit["validFrom"], (DateOnly?)edit["validTo"]), Json("Create")),
            "change" => new Edit.Change(type, id, version, Json("Update")),
            "end" => new Edit.End(type, id, version, (DateOnly)edit["on"]!),
            _ => new Edit.Unrelate(type, id, version),
        };

        // The values of an edit are JSON, read by the input type that the mutation of that kind has.
        Values Json(string verb)
        {
            if (edit["values"] is not JsonElement json || json.ValueKind == JsonValueKind.Null)
                return Values.None;
            if (!schema.Model.ByName.TryGetValue(type, out var record))
                return Values.None;
            if (schema.Types.AllTypes[$"{verb}{type}Input"] is not IInputObjectGraphType input)
                return json.ValueKind == JsonValueKind.Object && !json.EnumerateObject().Any() ? Values.None : Refused();
            var wrong = new List<Fault>();
            var values = Inputs.Read((IGraphType)input, json, "values", wrong);
            faults.AddRange(wrong.Select(f => f with { Field = f.Field?.Replace("values.", "", StringComparison.Ordinal) }));
            return wrong.Count == 0 ? ValuesOf(record, values) : Values.None;
        }

        Values Refused()
        {
            faults.Add(new Fault(ProblemCode.Invalid, Label.Of($"{type} n'a aucun champ à donner.", $"{type} has no field to give."), "values", "unknown"));
            return Values.None;
        }
    }

    /// <summary>Of a dated relationship the period stands among its values.</summary>
    private static Edit.Relate Relate(string type, EntityId id, EntityId source, EntityId target, Values values)
    {
        var own = Values.None;
        var period = Period.Always;
        foreach (var (name, value) in values)
            switch (name)
            {
                case "validFrom":
                    period = period with { From = (DateOnly?)value };
                    break;
                case "validTo":
                    period = period with { To = (DateOnly?)value };
                    break;
                default:
                    own = own.With(name, value);
                    break;
            }
        return new(type, id, source, target, period, own);
    }

    private static Values ValuesOf(RecordType type, object? input)
    {
        if (input is not InputObject { Fields: var fields })
            return Values.None;
        var values = new (string, object?)[fields.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (name, value) = fields[i];
            values[i] = (name, value switch
            {
                object?[] items => items.Select(i => i!).ToImmutableArray(),
                string id when type is ModelType thing && !type.ByName.ContainsKey(name) && thing.EndsByName.ContainsKey(name) => Filters.Id(id, name),
                _ => value,
            });
        }
        return Values.Of(values);
    }

    private static OnConflict Conflict(object? name) => name switch
    {
        "MERGE" => OnConflict.Merge,
        "OVERWRITE" => OnConflict.Overwrite,
        _ => OnConflict.Fail,
    };
}
