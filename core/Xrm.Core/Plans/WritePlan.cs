using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>A commit made ready for a store: what becomes of each record, and what must still be true when it does.</summary>
/// <param name="CommitId">Recorded; a plan with an id recorded before is answered as that one was.</param>
/// <param name="Actor">The actor's id.</param>
/// <param name="Edits">In order; at most one for each record.</param>
/// <param name="Guards">All must hold at the moment of writing.</param>
internal sealed record WritePlan(Guid CommitId, string Actor, IReadOnlyList<RecordEdit> Edits, IReadOnlyList<Guard> Guards)
{
    /// <summary>A change of the model: its canonical JSON, recorded in the log; null for other commits.</summary>
    public byte[]? Model { get; init; }

    /// <summary>Whether what it makes must be of ids that were never used, deleted things' included: a guard for each of them. Otherwise something deleted may come back.</summary>
    public bool MakesAnew { get; init; }
}

/// <summary>What becomes of one record.</summary>
/// <param name="Kind">Created, Updated, Deleted, Related, Changed or Unrelated.</param>
/// <param name="Type">Its type.</param>
/// <param name="Id">Which.</param>
/// <param name="Set">A <see cref="Storage.FieldSet"/> of the fields to set, nulls to empty; the store leaves out what is so already. Empty for Deleted and Unrelated; without nulls where a plan makes anew.</param>
internal sealed record RecordEdit(ChangeKind Kind, RecordType Type, Guid Id, ReadOnlyMemory<byte> Set)
{
    /// <summary>The period from now on; null = stays as it is (open both ways for a new record).</summary>
    public Period? Period { get; init; }
    /// <summary>Of a relationship being made; otherwise empty.</summary>
    public Guid Source { get; init; }
    /// <summary>Of a relationship being made; otherwise empty.</summary>
    public Guid Target { get; init; }
}

/// <summary>Something that must be true when a plan is written; the store checks it atomically with writing. The cases below are all there are.</summary>
internal abstract record Guard
{
    private Guard() { }

    /// <summary>The record has this version; 0 = there never was one of this id.</summary>
    public sealed record VersionIs(Guid Id, int Version) : Guard;

    /// <summary>No thing but this one has these values in the key (canonical JSON, all of them there).</summary>
    public sealed record KeyIsFree(ModelKey Key, ImmutableArray<Operand> Values, Guid Except) : Guard;

    /// <summary>The relationships of one type at one end of a thing are as they were read, whatever their period.</summary>
    /// <param name="Fingerprint">See <see cref="Of"/>.</param>
    public sealed record LinksAre(ModelEnd End, Guid Entity, ulong Fingerprint) : Guard
    {
        /// <summary>Adds up over the relationships, in any order, from 0.</summary>
        public static ulong Of(ulong sum, Guid id, int version)
        {
            Span<byte> bytes = stackalloc byte[16];
            id.TryWriteBytes(bytes);
            var mixed = (BitConverter.ToUInt64(bytes) ^ BitConverter.ToUInt64(bytes[8..]) ^ (ulong)version * 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
            return sum + (mixed ^ mixed >> 31) + 1;
        }
    }

    /// <summary>No record of this type was made, changed or taken away after a place in the log.</summary>
    public sealed record TypeIsUnchanged(RecordType Type, long Block) : Guard;

    /// <summary>The content of a file is kept.</summary>
    /// <param name="Hash">As in <see cref="Files.KeptFile"/>.</param>
    public sealed record FileIsKept(string Hash) : Guard;

    /// <summary>The model is still the one that the plan was made with.</summary>
    public sealed record ModelIs(long Version) : Guard;
}

/// <summary>What a store answered to a plan.</summary>
/// <param name="Receipt">What was written; null when guards failed and nothing was.</param>
/// <param name="Failed">The guards that did not hold; empty when it was written.</param>
internal sealed record WriteOutcome(Receipt? Receipt, ImmutableArray<Guard> Failed);
