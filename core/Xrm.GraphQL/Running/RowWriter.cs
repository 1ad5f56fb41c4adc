using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.GraphQL.Plans;
using Xrm.GraphQL.Schemas;

namespace Xrm.GraphQL.Running;

/// <summary>Writes rows as JSON: bytes of values are copied, what the reader may not see is null.</summary>
internal sealed class RowWriter(AnswerBuffer buffer, Reader reader, Binding binding, CursorSeal seal, FactWriter facts, CancellationToken cancellation)
{
    /// <summary>Writes the thing of a row.</summary>
    /// <param name="set">The level that the row is of.</param>
    public void Thing(SelectionPlan selection, RowSet set, int index)
    {
        ref readonly var row = ref set.Rows[index];
        var plan = selection.For(row.Entity.TypeOrdinal);
        buffer.Write((byte)'{');
        for (var i = 0; i < plan.Fields.Length; i++)
        {
            var field = plan.Fields[i];
            if (i > 0)
                buffer.Write((byte)',');
            buffer.Write(field.Key);
            if (field.Kind == OutKind.Link)
                Link(field.Link!, set[plan, field.Index], index);
            else
                Own(field, row);
        }
        buffer.Write((byte)'}');
    }

    /// <summary>Writes a field that is in the row itself.</summary>
    public void Own(OutField field, in Row row)
    {
        var record = field.OfLink ? row.Link : row.Entity;
        switch (field.Kind)
        {
            case OutKind.Constant:
                buffer.Write(field.Constant);
                break;
            case OutKind.Id:
                buffer.WriteId(record.Id);
                break;
            case OutKind.Version:
                buffer.WriteInteger(record.Version);
                break;
            case OutKind.CreatedAt:
                buffer.WriteMoment(record.CreatedAt);
                break;
            case OutKind.UpdatedAt:
                buffer.WriteMoment(record.UpdatedAt);
                break;
            case OutKind.ValidFrom when record.FromDay != int.MinValue:
                buffer.WriteDay(DateOnly.FromDayNumber(record.FromDay));
                break;
            case OutKind.ValidTo when record.ToDay != int.MaxValue:
                buffer.WriteDay(DateOnly.FromDayNumber(record.ToDay));
                break;
            case OutKind.DisplayName:
                buffer.WriteText(reader.DisplayName(row));
                break;
            case OutKind.Value when record.TryGet(field.Field!.Ordinal, out var json) && reader.Sees(field.Field, row):
                buffer.Write(json);
                break;
            default:
                buffer.WriteNull();
                break;
        }
    }

    /// <summary>Writes a connection.</summary>
    /// <param name="run">Which run of the rows it is.</param>
    /// <param name="order">In which the rows are.</param>
    /// <param name="of">What its cursors belong to.</param>
    public void Connection(ConnectionPlan plan, Rows rows, int run, RowSet set, ImmutableArray<Sort> order, CursorScope of, bool isAfter, bool isBefore)
    {
        cancellation.ThrowIfCancellationRequested();
        var cursors = new Cursors(rows, set, order, of);
        var (start, end) = plan.WantsRows ? (rows.Starts[run], rows.Starts[run + 1]) : (0, 0);
        buffer.Write((byte)'{');
        for (var f = 0; f < plan.Fields.Length; f++)
        {
            var field = plan.Fields[f];
            if (f > 0)
                buffer.Write((byte)',');
            buffer.Write(field.Key);
            switch (field.Part)
            {
                case ConnectionPart.Nodes:
                    buffer.Write((byte)'[');
                    for (var i = start; i < end; i++)
                    {
                        if (i > start)
                            buffer.Write((byte)',');
                        Thing(plan.Selections[field.Selection], set, i);
                    }
                    buffer.Write((byte)']');
                    break;
                case ConnectionPart.Edges:
                    buffer.Write((byte)'[');
                    for (var i = start; i < end; i++)
                    {
                        if (i > start)
                            buffer.Write((byte)',');
                        Edge(field.Edge, plan, cursors, i);
                    }
                    buffer.Write((byte)']');
                    break;
                case ConnectionPart.TotalCount:
                    buffer.WriteInteger(rows.Counts[run]);
                    break;
                case ConnectionPart.PageInfo:
                    facts.Write(new PageFact(
                        rows.HasNext.Length > run ? rows.HasNext[run] : isBefore,
                        rows.HasPrevious.Length > run ? rows.HasPrevious[run] : isAfter,
                        start == end ? null : Cursor(cursors, start),
                        start == end ? null : Cursor(cursors, end - 1)), field.Page!);
                    break;
                case ConnectionPart.Groups:
                    Groups(field.Group!, rows.Groups[field.GroupIndex], ((object?[])binding.Value(field.Group!.Arguments, "by")!).Select(k => (string)k!).ToArray());
                    break;
                default:
                    buffer.Write(field.Constant);
                    break;
            }
        }
        buffer.Write((byte)'}');
    }

    private void Link(LinkPlan link, Fetched fetched, int index)
    {
        var run = fetched.RunOf[index];
        if (link.Facts is not null)
        {
            facts.Write(fetched.Pages[run], link.Facts);
            return;
        }
        if (link.Connection is not null)
        {
            var bound = binding[link];
            var selection = bound.Step!.Selection;
            Connection(link.Connection, fetched.Rows, run, fetched.Below, selection.Order, bound.Of!, selection.After is not null, selection.Before is not null);
            return;
        }
        if (link.Node is null || link.Own?.IsList == true)
        {
            Answer(link, fetched, run);
            return;
        }
        var first = fetched.Rows.Starts[run];
        if (first == fetched.Rows.Starts[run + 1])
            buffer.WriteNull();
        else
            Thing(link.Node, fetched.Below, first);
    }

    /// <summary>Writes what a plugin answered: a value, or a list of things.</summary>
    private void Answer(LinkPlan link, Fetched fetched, int run)
    {
        if (fetched.Answers[run] is not { } answer)
            buffer.WriteNull();
        else if (link.Node is null)
            buffer.Write(answer);
        else
        {
            buffer.Write((byte)'[');
            for (var i = fetched.Rows.Starts[run]; i < fetched.Rows.Starts[run + 1]; i++)
            {
                if (i > fetched.Rows.Starts[run])
                    buffer.Write((byte)',');
                Thing(link.Node, fetched.Below, i);
            }
            buffer.Write((byte)']');
        }
    }

    private void Edge(ImmutableArray<OutField> fields, ConnectionPlan plan, in Cursors cursors, int index)
    {
        buffer.Write((byte)'{');
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[i];
            if (i > 0)
                buffer.Write((byte)',');
            buffer.Write(field.Key);
            if (field.Kind == OutKind.Cursor)
                buffer.WriteText(Cursor(cursors, index));
            else if (field.Kind == OutKind.Node)
                Thing(plan.Selections[field.Index], cursors.Set, index);
            else
                Own(field, cursors.Set.Rows[index]);
        }
        buffer.Write((byte)'}');
    }

    private string Cursor(in Cursors of, int index)
    {
        if (!of.Rows.Found.IsEmpty)
            return seal.Seal(of.Scope.Text, of.Rows.Found[index]);
        ref readonly var row = ref of.Set.Rows[index];
        var keys = ImmutableArray.CreateBuilder<byte[]>(of.Order.Length);
        foreach (var sort in of.Order)
            keys.Add(Key(sort.Field, row));
        return seal.Seal(of.Scope.Text, new SortPosition(keys.MoveToImmutable(), row.Entity.Id) { Link = row.Link.Exists ? row.Link.Id : default });
    }

    private byte[] Key(ModelField field, in Row row)
    {
        var record = row.Entity;
        return field.Builtin switch
        {
            Builtin.Id => JsonValue.Quote(record.Id.ToString("D")),
            Builtin.Version => JsonValue.Write(Sdk.Shape.Integer, record.Version),
            Builtin.CreatedAt => JsonValue.Write(Sdk.Shape.DateTime, record.CreatedAt),
            Builtin.UpdatedAt => JsonValue.Write(Sdk.Shape.DateTime, record.UpdatedAt),
            Builtin.ValidFrom => record.FromDay == int.MinValue ? [] : JsonValue.Write(Sdk.Shape.Date, DateOnly.FromDayNumber(record.FromDay)),
            Builtin.ValidTo => record.ToDay == int.MaxValue ? [] : JsonValue.Write(Sdk.Shape.Date, DateOnly.FromDayNumber(record.ToDay)),
            _ => record.TypeOrdinal == field.Owner.Ordinal && record.TryGet(field.Ordinal, out var json) && reader.Sees(field, row) ? json.ToArray() : [],
        };
    }

    private void Groups(GroupPlan plan, ImmutableArray<Group> groups, string[] by)
    {
        buffer.Write((byte)'[');
        for (var g = 0; g < groups.Length; g++)
        {
            if (g > 0)
                buffer.Write((byte)',');
            GroupWriter.Write(buffer, plan, plan.Fields, groups[g], by, null);
        }
        buffer.Write((byte)']');
    }

    /// <summary>What cursors of a connection are made of.</summary>
    private readonly record struct Cursors(Rows Rows, RowSet Set, ImmutableArray<Sort> Order, CursorScope Scope);
}
