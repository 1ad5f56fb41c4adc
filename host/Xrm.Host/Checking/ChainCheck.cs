using System.Security.Cryptography;
using Xrm.Core.Log;
using Xrm.Sdk;

namespace Xrm.Host.Checking;

/// <summary>Proves the log from its first block to a given one: no block missing, each head bound to the one before it, each part to its head, each change to its digest. Values that were erased are not needed for it.</summary>
internal sealed class ChainCheck(IJournal journal, List<Label> faults)
{
    /// <summary>How many blocks were looked at.</summary>
    public long Blocks { get; private set; }
    /// <summary>How many changes are in them.</summary>
    public long Changes { get; private set; }
    /// <summary>How many of these have lost their values to erasure.</summary>
    public long Erased { get; private set; }

    public void Run(long last, Action<long> progress, CancellationToken cancellation)
    {
        var previous = BlockHead.NoHash;
        var at = DateTimeOffset.MinValue;
        for (var number = 1L; number <= last; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress(number);
            Blocks++;
            if (journal.ReadHead(number) is not { } bytes)
            {
                faults.Add(Label.Of($"Bloc {number} : il manque.", $"Block {number}: it is missing."));
                previous = [];
                continue;
            }
            try
            {
                var head = BlockHead.Read(bytes);
                if (head.Number != number)
                    faults.Add(Label.Of($"Bloc {number} : il dit être le bloc {head.Number}.", $"Block {number}: it says that it is block {head.Number}."));
                if (previous.Length > 0 && !head.Previous.AsSpan().SequenceEqual(previous))
                    faults.Add(Label.Of($"Bloc {number} : il ne suit pas le bloc {number - 1} ; l'un des deux a été changé.", $"Block {number}: it does not follow block {number - 1}; one of them was changed."));
                if (head.At < at)
                    faults.Add(Label.Of($"Bloc {number} : son heure précède celle du bloc d'avant.", $"Block {number}: its time is before that of the block ahead of it."));
                if (head.Commits.Sum(c => (long)c.Changes) != head.Changes)
                    faults.Add(Label.Of($"Bloc {number} : ses modifications ne font pas le compte.", $"Block {number}: its commits do not add up."));
                at = head.At;
                for (var part = 0; part < head.Parts.Length; part++)
                    Prove(head, part);
            }
            catch (FormatException e)
            {
                faults.Add(Label.Of($"Bloc {number} : illisible ({e.Message})", $"Block {number}: not readable ({e.Message})"));
            }
            previous = BlockHead.HashOf(bytes);
        }
    }

    private void Prove(BlockHead head, int number)
    {
        var part = new BlockPart(journal.ReadPart(head.Number, number));
        if (part.Count != head.Parts[number].Changes || !part.Hash().AsSpan().SequenceEqual(head.Parts[number].Hash))
        {
            faults.Add(Label.Of($"Bloc {head.Number}, partie {number} : elle n'est plus celle que le bloc nomme.", $"Block {head.Number}, part {number}: it is no longer the one that the block names."));
            return;
        }
        Span<byte> digest = stackalloc byte[BlockHead.HashLength];
        var index = 0;
        foreach (var salted in part)
        {
            Changes++;
            if (salted.IsEmpty)
                Erased++;
            else
            {
                SHA256.HashData(salted, digest);
                if (!digest.SequenceEqual(part.Digest(index)))
                    faults.Add(Label.Of($"Bloc {head.Number}, partie {number}, changement {index} : ses valeurs ont été changées.", $"Block {head.Number}, part {number}, change {index}: its values were changed."));
            }
            index++;
        }
        if (index != part.Count)
            faults.Add(Label.Of($"Bloc {head.Number}, partie {number} : {index} changements au lieu de {part.Count}.", $"Block {head.Number}, part {number}: {index} changes instead of {part.Count}."));
    }
}
