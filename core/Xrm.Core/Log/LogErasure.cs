using Xrm.Sdk;

namespace Xrm.Core.Log;

/// <summary>Takes values out of the log for good.</summary>
internal static class LogErasure
{
    /// <summary>Erases the salts and bytes of the changes at some places; the digests stay, so the chain holds. A checkpoint must hold their outcome.</summary>
    public static void Erase(IJournal journal, IEnumerable<Cursor> places)
    {
        foreach (var block in places.GroupBy(p => p.Block))
        {
            var head = BlockHead.Read(journal.ReadHead(block.Key) ?? throw new ArgumentOutOfRangeException(nameof(places), block.Key, "There is no such block in the log."));
            var first = 0;
            for (var number = 0; number < head.Parts.Length; number++)
            {
                var count = head.Parts[number].Changes;
                var erased = block.Where(p => p.Index >= first && p.Index < first + count).Select(p => p.Index - first).ToHashSet();
                if (erased.Count > 0)
                    journal.ReplacePart(block.Key, number, new BlockPart(journal.ReadPart(block.Key, number)).Without(erased));
                first += count;
            }
        }
    }
}
