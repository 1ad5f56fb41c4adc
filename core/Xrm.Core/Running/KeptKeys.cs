using System.Buffers;
using System.Text;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Keeps unique keys unique: where a record that stays as it is holds the values that another one had, that one is left without.</summary>
/// <param name="model">The model that comes into force.</param>
/// <param name="now">The records as they are.</param>
/// <param name="left">Those that stay as they are though they changed since.</param>
internal sealed class KeptKeys(CompiledModel model, IReadOnlyDictionary<Guid, Record> now, IReadOnlySet<Guid> left)
{
    public void Clear(RewoundEdits edits, List<Label> told)
    {
        foreach (var type in left.Select(id => now.GetValueOrDefault(id)).Where(r => r is { Exists: true, IsDeleted: false }).GroupBy(r => r.TypeOrdinal))
            if (model.ByOrdinal.GetValueOrDefault(type.Key) is ModelType { Keys.IsEmpty: false } kept)
                foreach (var key in kept.Keys)
                {
                    var held = type.Select(r => Values(key, r.Fields)).OfType<string>().ToHashSet(StringComparer.Ordinal);
                    foreach (var edit in edits.Back(type.Key))
                        if (Values(key, Merged(edit)) is { } values && held.Contains(values))
                        {
                            edits.Replace(edit with { Set = Without(edit.Set, key.Fields[0].Ordinal) });
                            told.Add(Label.Of($"{kept.Name} {edit.Id} : une autre fiche a maintenant cette valeur ({key.Name}), elle reste vide.", $"{kept.Name} {edit.Id}: another thing has this value now ({key.Name}), it stays empty."));
                        }
                }
    }

    /// <summary>The values of a key as one text; null when one is missing.</summary>
    private static string? Values(ModelKey key, ReadOnlySpan<byte> fields)
    {
        var values = new List<string>();
        foreach (var field in key.Fields)
            if (FieldSet.TryGet(fields, field.Ordinal, out var json) && json.Length > 0)
                values.Add(Encoding.UTF8.GetString(json));
            else
                return null;
        return string.Join('\n', values);
    }

    private byte[] Merged(RecordEdit edit) => Merged(edit.Kind == ChangeKind.Created ? default : now[edit.Id].Fields, edit.Set);

    /// <summary>The same set, but that it empties a field.</summary>
    private static byte[] Without(byte[] set, int ordinal)
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

    private static byte[] Merged(ReadOnlySpan<byte> fields, byte[] set)
    {
        var merged = new ArrayBufferWriter<byte>();
        FieldSet.Merge(fields, set, merged);
        return merged.WrittenSpan.ToArray();
    }
}
