using System.Buffers;
using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Keeps unique keys unique where data are taken back: a record that stays as it is, since it was erased, may hold the values that another one had. That one is left without.</summary>
/// <param name="model">The model that comes into force.</param>
/// <param name="now">The records as they are.</param>
internal sealed class KeptKeys(CompiledModel model, IReadOnlyDictionary<Guid, Record> now)
{
    private const int Batch = 1000;

    public async ValueTask Clear(RewoundEdits edits, ISnapshot snapshot, List<Label> told, CancellationToken cancellation)
    {
        foreach (var type in model.Types)
            foreach (var key in type.Keys)
                foreach (var some in edits.Back(type.Ordinal).Select(e => (Edit: e, Values: Values(key, e))).Where(c => !c.Values.IsEmpty).Chunk(Batch))
                {
                    var rows = await snapshot.Read(new ReadStep.ByKey(key, [.. some.Select(c => c.Values)]) { Views = [TypeView.Of(type)] }, cancellation);
                    for (var i = 0; i < some.Length; i++)
                        if (rows.Run(i) is [var holder] && holder.Entity.Id != some[i].Edit.Id && !edits.Touches(holder.Entity.Id))
                        {
                            edits.Replace(some[i].Edit with { Set = Without(some[i].Edit.Set.Span, key.Fields[0].Ordinal) });
                            told.Add(Label.Of($"{type.Name} {some[i].Edit.Id} : une autre fiche a maintenant cette valeur ({key.Name}), elle reste vide.", $"{type.Name} {some[i].Edit.Id}: another thing has this value now ({key.Name}), it stays empty."));
                        }
                }
    }

    /// <summary>The values of a key as they will be; empty when none of them changes, or one is missing.</summary>
    private ImmutableArray<Operand> Values(ModelKey key, RecordEdit edit)
    {
        var values = ImmutableArray.CreateBuilder<Operand>(key.Fields.Length);
        var changes = false;
        foreach (var field in key.Fields)
        {
            var isSet = FieldSet.TryGet(edit.Set.Span, field.Ordinal, out var json);
            changes |= isSet;
            if (!isSet && edit.Kind != ChangeKind.Created)
                now[edit.Id].TryGet(field.Ordinal, out json);
            if (json.IsEmpty)
                return [];
            values.Add(new(ShapeValues.Read(field, json), json.ToArray()));
        }
        return changes ? values.MoveToImmutable() : [];
    }

    /// <summary>The same set, but that it empties a field.</summary>
    private static byte[] Without(ReadOnlySpan<byte> set, int ordinal)
    {
        var values = new SortedDictionary<int, byte[]> { [ordinal] = [] };
        var each = FieldSet.Each(set);
        while (each.MoveNext())
            values.TryAdd(each.Ordinal, each.Json.ToArray());
        var writer = new ArrayBufferWriter<byte>();
        foreach (var (field, json) in values)
            FieldSet.Append(writer, field, json);
        return writer.WrittenSpan.ToArray();
    }
}
