using System.Collections.Immutable;
using Xrm.Core;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.GraphQL.Plans;
using Xrm.GraphQL.Schemas;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Runs the root fields of a mutation one after the other: each commits, then reads what its payload wants from the state behind the commit.</summary>
internal sealed class MutationRun(Run run, Engine engine, Actor actor, GraphQLService service, CursorSeal seal, GraphQLOptions options, CancellationToken cancellation)
{
    private readonly GraphQLLimits _limits = options.Limits;

    /// <param name="reader">The state before, by which the payloads are checked.</param>
    /// <exception cref="FieldProblem">A payload asks for something wrong or too much: nothing is written.</exception>
    public async ValueTask<GraphQLAnswer> Answer(Reader reader)
    {
        if (run.Plan.Roots.Length > _limits.Mutations)
            throw Refusal.Limit($"La requête a {run.Plan.Roots.Length} mutations ; {_limits.Mutations} au plus sont admises.", $"The request has {run.Plan.Roots.Length} mutations; at most {_limits.Mutations} are allowed.", "mutations", _limits.Mutations, run.Plan.Roots.Length);
        var before = new QueryRun(run, reader, seal, _limits, cancellation);
        foreach (var root in run.Plan.Roots)
            foreach (var field in root.Payload?.Fields ?? [])
                Bind(field, before);
        run.Budget?.Take(before.Cost);
        await before.OpenPasts();
        return await run.Answer(this, static (mutation, root, i) => mutation.Write(root, i), isSerial: true);
    }

    private async ValueTask Write(RootPlan root, int index)
    {
        if (root.Meaning is Meaning.ChangePlugin or Meaning.ChangeField)
        {
            await new AdministrationRun(run, engine, actor, options, cancellation).Write(root);
            return;
        }
        if (root.Meaning is not Meaning.Write write)
        {
            (await Introspection.Run(run, cancellation)).Write(root, run.Buffer);
            return;
        }
        var schema = run.Operation.Document.Schema;
        var (commit, id) = new Edits(schema, (arguments, name) => arguments.Get(name, run.Variables), _limits).Of(root, write);
        var receipt = await Commit(commit, write);
        using var reader = engine.Read(actor);
        var now = run;
        if (reader.Model != schema.Model)
        {
            // The model was swapped meanwhile: what was written is read by the one now in force.
            var document = await service.SchemaOf(reader.Force).Documents.Get(run.Operation.Document.Text);
            var operation = document.Operation(run.Operation.Syntax.Name?.StringValue);
            now = run.On(operation, operation.Plan(run.Variables, _limits));
            root = now.Plan.Roots[index];
            write = (Meaning.Write)root.Meaning!;
        }
        await Payload(now, new QueryRun(now, reader, seal, _limits, cancellation), reader, root.Payload!, write, receipt, Id(receipt, write, id));
    }

    private async ValueTask<Receipt> Commit(Commit commit, Meaning.Write write)
    {
        try
        {
            return await engine.Commit(commit, actor, cancellation);
        }
        catch (Problem problem) when (write.Kind != WriteKind.Commit)
        {
            // One mutation is one edit; only of a commit of several is it told which.
            throw new Problem(problem.Faults.Select(f => f with { Edit = null }));
        }
    }

    /// <summary>What was written; of a replay it is what was made then.</summary>
    private static EntityId Id(Receipt receipt, Meaning.Write write, EntityId id)
    {
        var kind = write.Kind switch { WriteKind.Create => ChangeKind.Created, WriteKind.Relate => ChangeKind.Related, _ => ChangeKind.Model };
        if (kind == ChangeKind.Model)
            return id;
        Written? made = null;
        foreach (var written in receipt.Written)
            if (written.Id == id)
                return id;
            else if (made is null && written.Kind == kind && written.Type == write.Type!.Name)
                made = written;
        return made?.Id ?? id;
    }

    private static void Bind(PayloadField field, QueryRun after)
    {
        if (field.Node is not null)
            after.Bind(field.Node);
        foreach (var part in field.Link?.Fields ?? [])
            if (part.End is not null)
                after.Bind(part.End);
    }

    private async ValueTask Payload(Run now, QueryRun after, Reader reader, PayloadPlan plan, Meaning.Write write, Receipt receipt, EntityId id)
    {
        var buffer = now.Buffer;
        buffer.Write((byte)'{');
        for (var i = 0; i < plan.Fields.Length; i++)
        {
            var field = plan.Fields[i];
            if (i > 0)
                buffer.Write((byte)',');
            buffer.Write(field.Key);
            Bind(field, after);
            if (field.Constant is not null)
                buffer.Write(field.Constant);
            else if (field.Commit is not null)
                after.Fact(new CommitFact(receipt, LogPages.CursorOf(seal, receipt.Cursor)), field.Commit);
            else if (field.Node is not null)
                await Thing(after, reader, field.Node, id.Value);
            else if (field.Link is not null)
                await Link(now, after, reader, field.Link, (ModelRelationship)write.Type!, id.Value);
            else
                buffer.WriteId(id.Value);
        }
        buffer.Write((byte)'}');
    }

    private async ValueTask Thing(QueryRun after, Reader reader, SelectionPlan node, Guid id) =>
        await after.Things(node, await reader.Read(new ReadStep.ById([id]) { Views = node.Views }, cancellation), asList: false);

    private async ValueTask Link(Run now, QueryRun after, Reader reader, WrittenLinkPlan plan, ModelRelationship type, Guid id)
    {
        var buffer = now.Buffer;
        var rows = await reader.Read(new ReadStep.Links(type, [id]) { Views = [.. type.Source.Far.Select(TypeView.Of)] }, cancellation);
        if (rows.Items is not [var row])
        {
            buffer.WriteNull();
            return;
        }
        buffer.Write((byte)'{');
        for (var i = 0; i < plan.Fields.Length; i++)
        {
            var field = plan.Fields[i];
            if (i > 0)
                buffer.Write((byte)',');
            buffer.Write(field.Key);
            if (field.Own is not null)
                after.Own(field.Own, row);
            else
                await Thing(after, reader, field.End!, field.IsSource ? row.Link.Source : row.Link.Target);
        }
        buffer.Write((byte)'}');
    }
}
