using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Files;

/// <summary>Which contents an actor may have: those named by a field that he sees, of a thing or relationship that he sees.</summary>
internal static class SeenFiles
{
    /// <summary>Some standard form may be with thousands of things: looked at so many at a time.</summary>
    private const int AtOnce = 100;

    /// <summary>The reference by which something that the reader's actor sees names a content; null when nothing does.</summary>
    /// <param name="hash">64 hexadecimal digits in lower case.</param>
    /// <param name="name">Of several references, one with this name rather than another; null = any.</param>
    public static async ValueTask<FileReference?> Find(Reader reader, string hash, string? name, CancellationToken cancellation)
    {
        FileReference? found = null;
        foreach (var group in reader.Naming(hash).GroupBy(r => r.TypeOrdinal))
        {
            if (reader.Model.ByOrdinal.GetValueOrDefault(group.Key) is not { } type || !reader.Sees(type))
                continue;
            foreach (var records in group.Chunk(AtOnce))
                foreach (var row in (await reader.Read(Step(type, records), cancellation)).Items)
                    foreach (var reference in Seen(reader, type, row))
                        if (reference.Hash == hash)
                        {
                            found ??= reference;
                            if (name is null || reference.Name == name)
                                return reference;
                        }
        }
        return found;
    }

    private static ReadStep Step(RecordType type, Record[] records) => type is ModelRelationship relationship
        ? new ReadStep.Links(relationship, [.. records.Select(r => r.Id)]) { Views = [.. relationship.Target.Types.Select(TypeView.Of)] }
        : new ReadStep.ById([.. records.Select(r => r.Id)]) { Views = [TypeView.Of((ModelType)type)] };

    private static IEnumerable<FileReference> Seen(Reader reader, RecordType type, Row row)
    {
        var record = type is ModelRelationship ? row.Link : row.Entity;
        foreach (var field in type.Fields)
            if (FileMentions.IsFile(field) && !field.Description.IsHidden && reader.Sees(field, row) && record.TryGet(field.Ordinal, out var json))
                foreach (var reference in FileMentions.References(field, json))
                    yield return reference;
    }
}
