using System.Collections.Immutable;
using Xrm.Core.Plans;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>Tells which guards of a plan do not hold in the state that it would be written on.</summary>
internal static class GuardCheck
{
    /// <param name="hasFile">Whether the content of a hash is kept.</param>
    public static ImmutableArray<Guard> Failed(WritePlan plan, Batch batch, Func<string, bool> hasFile)
    {
        List<Guard>? failed = null;
        for (var i = 0; i < plan.Guards.Count; i++)
            if (!Holds(plan.Guards[i], batch, hasFile))
                (failed ??= []).Add(plan.Guards[i]);
        for (var i = 0; i < plan.Edits.Count; i++)
        {
            var edit = plan.Edits[i];
            var old = batch.Find(edit.Id);
            if (plan.MakesAnew && EditEncoder.IsFresh(edit))
            {
                if (old.Exists)
                    (failed ??= []).Add(new Guard.VersionIs(edit.Id, 0));
            }
            else if (!EditEncoder.Fits(edit, old))
                (failed ??= []).Add(new Guard.VersionIs(edit.Id, old.Exists ? 0 : 1));
        }
        return failed is null ? [] : [.. failed];
    }

    private static bool Holds(Guard guard, Batch batch, Func<string, bool> hasFile) => guard switch
    {
        Guard.VersionIs g => batch.Find(g.Id) is var record && (record.Exists ? g.Version > 0 && record.Version == g.Version : g.Version == 0),
        Guard.KeyIsFree g => IsFree(g, batch),
        Guard.LinksAre g => Fingerprint(g, batch) == g.Fingerprint,
        Guard.TypeIsUnchanged g => batch.LastBlock(g.Type.Ordinal) <= g.Block,
        Guard.FileIsKept g => hasFile(g.Hash),
        // A model made ready for that says what the one in force says never comes as a change of its own.
        Guard.ModelIs g => g.Version == batch.ModelVersion || g.Version == batch.PreparedVersion,
        _ => throw new ArgumentOutOfRangeException(nameof(guard)),
    };

    private static bool IsFree(Guard.KeyIsFree guard, Batch batch)
    {
        var type = batch.Type(guard.Key.Type.Ordinal);
        foreach (var key in type.Keys)
            if (key.IsFor(guard.Key))
            {
                foreach (var slot in KeyLookup.Slots(key, guard.Values, batch.Space))
                    if (batch.Space[slot].Id != guard.Except)
                        return false;
                return true;
            }
        throw new InvalidOperationException($"The store was not made ready for the key {guard.Key.Name} of {guard.Key.Type.Name}.");
    }

    private static ulong Fingerprint(Guard.LinksAre guard, Batch batch)
    {
        var slot = batch.Slot(guard.Entity);
        if (slot < 0)
            return 0;
        var type = batch.Type(guard.End.Relationship.Ordinal);
        var sum = 0UL;
        foreach (var hop in new LinkWalk(guard.End, type.BySource, type.ByTarget, slot))
        {
            var record = batch.Space[hop.Link];
            // As readers see it: what leads to a deleted thing, or to one of a type that the end no longer reaches, is not there.
            if (batch.Space[hop.Far] is not { Exists: true, IsDeleted: false } far || !guard.End.Reaches(far.TypeOrdinal))
                continue;
            sum = Guard.LinksAre.Of(sum, record.Id, record.Version);
        }
        return sum;
    }
}

/// <summary>Finds things by a unique key.</summary>
internal static class KeyLookup
{
    public static List<int> Slots(KeyTree key, ImmutableArray<Operand> values, RecordSpace space)
    {
        var found = new List<int>(1);
        var hash = 0UL;
        foreach (var value in values)
        {
            if (value.Json.Length == 0)
                return found;
            hash = KeyHash.Add(hash, value.Json);
        }
        var from = Tree.Rank(key.Tree, new PrefixProbe(hash));
        Span<byte> scratch = stackalloc byte[Column.Scratch];
        foreach (var candidate in Tree.Between(key.Tree, from, int.MaxValue))
        {
            if (candidate.Prefix != hash)
                break;
            var record = space[candidate.Slot];
            var same = true;
            for (var i = 0; i < values.Length && same; i++)
                same = key.Columns[i].TryGet(record, scratch, out var json) && json.SequenceEqual(values[i].Json);
            if (same)
                found.Add(candidate.Slot);
        }
        return found;
    }
}
