using System.Security.Cryptography;
using Xrm.Sdk;

namespace Xrm.Core.Log;

/// <summary>Something in the log that is not as it was written.</summary>
/// <param name="Block">The block.</param>
/// <param name="Index">The change in it; null = the block as a whole.</param>
/// <param name="What">What is wrong, for people.</param>
internal sealed record LogFault(long Block, int? Index, Label What)
{
    /// <summary>Where and what, for people.</summary>
    public Label Text => Index is { } index
        ? Label.Of($"Bloc {Block}, changement {index} : {What.Fr}", $"Block {Block}, change {index}: {What.En}")
        : Label.Of($"Bloc {Block} : {What.Fr}", $"Block {Block}: {What.En}");
}

/// <summary>What a check of the log found.</summary>
internal sealed record LogReport(long Blocks, long Commits, long Changes, long Erased, IReadOnlyList<LogFault> Faults);

/// <summary>Proves that the log is as it was written: the chain of heads, the parts that they name, the digests of all values not erased.</summary>
internal static class LogCheck
{
    /// <param name="head">The hash of the last head as it is known from elsewhere; null = not known, then blocks cut off at the end are not noticed.</param>
    /// <param name="progress">Told the number of each block before it is looked at; null = nobody asks.</param>
    public static LogReport Run(IJournal journal, byte[]? head, CancellationToken cancellation, Action<long>? progress = null)
    {
        var faults = new List<LogFault>();
        var (commits, changes, erased) = (0L, 0L, 0L);
        var previous = BlockHead.NoHash;
        var at = DateTimeOffset.UnixEpoch;
        var last = journal.LastBlock;
        for (var number = 1L; number <= last; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Invoke(number);
            var bytes = journal.ReadHead(number);
            if (bytes is null)
            {
                faults.Add(new(number, null, Label.Of("Le bloc manque.", "The block is missing.")));
                continue;
            }
            BlockHead block;
            try
            {
                block = BlockHead.Read(bytes);
            }
            catch (FormatException e)
            {
                faults.Add(new(number, null, Label.Of($"L'en-tête est illisible : {e.Message}", $"The head cannot be read: {e.Message}")));
                previous = BlockHead.HashOf(bytes);
                continue;
            }
            if (block.Number != number)
                faults.Add(new(number, null, Label.Of($"L'en-tête est celui du bloc {block.Number}.", $"The head is that of block {block.Number}.")));
            if (!block.Previous.AsSpan().SequenceEqual(previous))
                faults.Add(new(number, null, Label.Of("Le chaînage avec le bloc précédent est rompu.", "The chain from the block before is broken.")));
            if (block.At < at)
                faults.Add(new(number, null, Label.Of("L'heure recule.", "The time goes back.")));
            if (block.Changes != block.Commits.Sum(c => (long)c.Changes))
                faults.Add(new(number, null, Label.Of("Le nombre de changements ne correspond pas aux modifications.", "The number of changes is not that of the commits.")));
            previous = BlockHead.HashOf(bytes);
            at = block.At;
            commits += block.Commits.Length;
            changes += block.Changes;
            var first = 0;
            for (var part = 0; part < block.Parts.Length; part++)
            {
                erased += CheckPart(journal, block, part, first, faults);
                first += block.Parts[part].Changes;
            }
        }
        if (head is not null && !head.AsSpan().SequenceEqual(previous))
            faults.Add(new(last, null, Label.Of("Ce n'est pas le dernier bloc attendu.", "It is not the last block that was expected.")));
        return new(last, commits, changes, erased, faults);
    }

    private static long CheckPart(IJournal journal, BlockHead block, int number, int first, List<LogFault> faults)
    {
        var erased = 0L;
        try
        {
            var part = new BlockPart(journal.ReadPart(block.Number, number));
            if (part.Count != block.Parts[number].Changes || !part.Hash().AsSpan().SequenceEqual(block.Parts[number].Hash))
                faults.Add(new(block.Number, first, Label.Of($"La partie {number} n'est pas celle que l'en-tête désigne.", $"Part {number} is not the one that the head names.")));
            var i = 0;
            foreach (var salted in part)
            {
                if (i >= part.Count)
                    break;
                if (salted.IsEmpty)
                    erased++;
                else if (!SHA256.HashData(salted).AsSpan().SequenceEqual(part.Digest(i)))
                    faults.Add(new(block.Number, first + i, Label.Of("Le changement n'est pas celui qui a été écrit.", "The change is not the one that was written.")));
                i++;
            }
            if (i != part.Count)
                faults.Add(new(block.Number, first + i, Label.Of("Des changements manquent.", "Changes are missing.")));
        }
        catch (Exception e) when (e is FormatException or IOException or ArgumentOutOfRangeException)
        {
            faults.Add(new(block.Number, first, Label.Of($"La partie {number} est illisible : {e.Message}", $"Part {number} cannot be read: {e.Message}")));
        }
        return erased;
    }
}
