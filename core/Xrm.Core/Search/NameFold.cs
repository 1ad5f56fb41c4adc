using System.Buffers;
using Xrm.Core.Image;
using Xrm.Core.Storage;

namespace Xrm.Core.Search;

/// <summary>What things are called, folded: how those of one rank are ordered.</summary>
internal static class NameFold
{
    /// <param name="fields">The parts of the name come in their order.</param>
    public static void Write(MatchField[] fields, in Record record, int slot, IBufferWriter<byte> into)
    {
        var isFirst = true;
        Span<byte> scratch = stackalloc byte[256];
        foreach (var field in fields)
        {
            if (!field.IsName || !field.Column.TryGet(record, default, out var json) || field.Seen?.Holds(record, slot) == false)
                continue;
            if (!isFirst)
                into.Write(" "u8);
            isFirst = false;
            if (json[0] == '"')
            {
                using var fold = new FoldedText(json, scratch);
                into.Write(fold.Bytes);
            }
            else
                into.Write(json);
        }
    }
}
