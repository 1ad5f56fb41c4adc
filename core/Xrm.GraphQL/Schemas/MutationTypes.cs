using GraphQL.Types;
using Xrm.Core.Model;
using Xrm.Sdk;
using FieldType = GraphQL.Types.FieldType;
using static Xrm.GraphQL.Schemas.SchemaFields;

namespace Xrm.GraphQL.Schemas;

/// <summary>The root of mutations, their inputs and payloads.</summary>
internal sealed class MutationTypes(SchemaParts parts, EntityTypes entities, FactTypes facts)
{
    private readonly ObjectGraphType _root = new() { Name = "Mutation" };

    public ObjectGraphType Build(AdministrationTypes administrators)
    {
        foreach (var type in parts.Model.Types)
            AddEntity(type);
        foreach (var relationship in parts.Model.Relationships)
            AddRelationship(relationship);
        _root.Add("commit", Payload("CommitPayload", _ => { }).NonNull(), "Des modifications faites ensemble, ou aucune. / Edits done together, or none.",
            new Meaning.Write(WriteKind.Commit, null), Argument("input", CommitInput().NonNull()));
        administrators.AddMutations(_root);
        return _root;
    }

    private void AddEntity(ModelType type)
    {
        var payload = Payload(type.Name + "Payload", graph => graph.Add(Names.Camel(type.Name), parts.Objects[type], null, new Meaning.Written()));
        var create = Input($"Create{type.Name}Input", type, type.Ends.Where(e => e.IsToOne));
        Add($"create{type.Name}", payload, type.Label, new Meaning.Write(WriteKind.Create, type), [.. create is null ? [] : new[] { Argument("input", create.NonNull()) }, NewId, CommitId]);
        if (Input($"Update{type.Name}Input", type, []) is { } update)
        {
            Add($"update{type.Name}", payload, type.Label, new Meaning.Write(WriteKind.Update, type), [Id, Argument("set", update.NonNull()), .. Conflict]);
            foreach (var move in type.Fields.SelectMany(f => f.Description.Type.Moves))
                Add(Names.Move(move.Name, type), payload, move.Label, new Meaning.Write(WriteKind.Update, type, move.Name), [Id, Argument("input", update), .. Conflict]);
        }
        Add($"delete{type.Name}", DeletePayload, type.Label, new Meaning.Write(WriteKind.Delete, type), [Id, .. Conflict]);
    }

    private void AddRelationship(ModelRelationship relationship)
    {
        var name = relationship.Name;
        var graph = new ObjectGraphType { Name = parts.Claim(name), Description = Names.Description(relationship.Label) };
        entities.AddLink(graph, relationship);
        // Of a symmetric type both ends are the same one; what stands beyond it are its types as well.
        AddEnd("source", relationship.Source.Types, isSource: true);
        AddEnd("target", relationship.IsSymmetric ? relationship.Source.Far : relationship.Target.Types, isSource: false);
        var payload = Payload(name + "Payload", p => p.Add(Names.Camel(name), graph, null, new Meaning.Written()));
        var create = Input($"Create{name}Input", relationship, []);
        Add($"create{name}", payload, relationship.Label, new Meaning.Write(WriteKind.Relate, relationship),
            [NewId, Argument("source", parts.Scalars.Id.NonNull()), Argument("target", parts.Scalars.Id.NonNull()), .. create is null ? [] : new[] { Argument("input", create) }, CommitId]);
        if (Input($"Update{name}Input", relationship, []) is { } update)
            Add($"update{name}", payload, relationship.Label, new Meaning.Write(WriteKind.Change, relationship), [Id, Argument("set", update.NonNull()), .. Conflict]);
        if (relationship.IsDated)
            Add($"end{name}", payload, relationship.Label, new Meaning.Write(WriteKind.End, relationship),
                [Id, Argument("on", parts.Scalars.Date.NonNull(), "Le premier jour où elle n'est plus vraie. / The first day on which it no longer holds."), .. Conflict]);
        Add($"delete{name}", DeletePayload, relationship.Label, new Meaning.Write(WriteKind.Unrelate, relationship), [Id, .. Conflict]);

        void AddEnd(string end, IReadOnlyList<ModelType> types, bool isSource)
        {
            if (!graph.HasField(end))
                graph.Add(end, types.Count == 1 ? parts.Objects[types[0]] : parts.Entity, null, new Meaning.WrittenEnd(isSource));
        }
    }

    private void Add(string name, IGraphType payload, Label label, Meaning meaning, IEnumerable<QueryArgument> arguments)
    {
        if (!_root.HasField(name))
            _root.Add(name, payload.NonNull(), Names.Description(label), meaning, arguments);
    }

    private QueryArgument Id => Argument("id", parts.Scalars.Id.NonNull());

    private QueryArgument NewId => Argument("id", parts.Scalars.Id, "UUID v4 ou v7 choisi par l'appelant. / UUID v4 or v7 chosen by the caller.");

    private QueryArgument CommitId => Argument("commitId", parts.Scalars.Id, "Le même identifiant renvoyé ne fait rien deux fois. / The same id sent again does nothing twice.");

    private EnumerationGraphType OnConflict => parts.Once("OnConflict", () => parts.Enum("OnConflict", Label.Of("Que faire quand la fiche a changé entre-temps", "What to do when it changed meanwhile"), "FAIL", "MERGE", "OVERWRITE"));

    private IEnumerable<QueryArgument> Conflict =>
    [
        Argument("expectedVersion", parts.Scalars.Integer, "La version sur laquelle la modification est faite ; sans elle, onConflict: OVERWRITE. / The version that the change was made on; without it, onConflict: OVERWRITE."),
        new QueryArgument(OnConflict) { Name = "onConflict", DefaultValue = "FAIL" },
        CommitId,
    ];

    private ObjectGraphType DeletePayload => parts.Once("DeletePayload", () => new ObjectGraphType { Name = parts.Claim("DeletePayload") }, payload =>
    {
        payload.Add("id", parts.Scalars.Id.NonNull(), null, new Meaning.Written());
        payload.Add("commit", facts.Commit.NonNull(), null, new Meaning.Write(WriteKind.Commit, null));
    });

    private ObjectGraphType Payload(string name, Action<ObjectGraphType> fill)
    {
        var payload = new ObjectGraphType { Name = parts.Claim(name) };
        fill(payload);
        if (!payload.HasField("commit"))
            payload.Add("commit", facts.Commit.NonNull(), null, new Meaning.Write(WriteKind.Commit, null));
        return payload;
    }

    /// <summary>The fields that can be given; null when there are none. All may be left out: what is missing is told with everything else that is wrong, in the caller's language.</summary>
    private InputObjectGraphType? Input(string name, RecordType type, IEnumerable<ModelEnd> ends)
    {
        var input = new InputObjectGraphType { Name = name };
        if (type.IsDated)
        {
            input.Add("validFrom", parts.Scalars.Date);
            input.Add("validTo", parts.Scalars.Date);
        }
        foreach (var field in SchemaParts.Kept(type))
            if (!input.HasField(field.Name))
                input.Add(field.Name, parts.Value(field), Names.Description(field.Description.Label) + (field.Description.IsRequired && field.Description.Default is null ? " (obligatoire / required)" : ""));
        foreach (var end in ends)
            if (!input.HasField(end.Name))
                input.Add(end.Name, parts.Scalars.Id, Names.Description(end.Label) + (end.IsRequired ? " (obligatoire / required)" : ""));
        if (input.Fields.Count == 0)
            return null;
        input.Name = parts.Claim(name);
        return input;
    }

    private InputObjectGraphType CommitInput()
    {
        var input = new InputObjectGraphType { Name = parts.Claim("CommitInput") };
        input.Add("id", parts.Scalars.Id.NonNull());
        input.Add("edits", EditInput().NonNullList());
        input.AddField(new FieldType { Name = "onConflict", ResolvedType = OnConflict, DefaultValue = "FAIL" });
        return input;
    }

    private InputObjectGraphType EditInput()
    {
        var edit = new InputObjectGraphType { Name = parts.Claim("EditInput"), IsOneOf = true };
        var (text, id, version, json, day) = (parts.Scalars.Text.NonNull(), parts.Scalars.Id, parts.Scalars.Integer, parts.Scalars.Json, parts.Scalars.Date);
        Add("create", ("type", text), ("id", id), ("values", json));
        Add("update", ("type", text), ("id", id.NonNull()), ("expectedVersion", version), ("values", json.NonNull()), ("move", parts.Scalars.Text));
        Add("delete", ("type", text), ("id", id.NonNull()), ("expectedVersion", version));
        Add("relate", ("type", text), ("id", id), ("source", id.NonNull()), ("target", id.NonNull()), ("validFrom", day), ("validTo", day), ("values", json));
        Add("change", ("type", text), ("id", id.NonNull()), ("expectedVersion", version), ("values", json.NonNull()));
        Add("end", ("type", text), ("id", id.NonNull()), ("expectedVersion", version), ("on", day.NonNull()));
        Add("unrelate", ("type", text), ("id", id.NonNull()), ("expectedVersion", version));
        return edit;

        void Add(string name, params ReadOnlySpan<(string Name, IGraphType Type)> fields)
        {
            var input = new InputObjectGraphType { Name = parts.Claim(Names.Pascal(name) + "Edit") };
            foreach (var (field, type) in fields)
                input.Add(field, type);
            edit.Add(name, input);
        }
    }
}
