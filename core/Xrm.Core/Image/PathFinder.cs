using System.Collections.Immutable;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>A way to few records among which all are for which a predicate holds.</summary>
/// <param name="Estimate">About how many.</param>
/// <param name="Collect">Adds their slots; some may come twice, some may be deleted.</param>
/// <param name="Way">What it is; null when nobody asks.</param>
internal sealed record Path(long Estimate, Action<List<int>> Collect, Way? Way = null);

/// <summary>Finds the shortest way to the records of a type for which a predicate may hold.</summary>
/// <param name="want">Told which index would have helped.</param>
internal sealed class PathFinder(Root root, IdMap map, Action<int, IndexOrder> want)
{
    /// <summary>Whether paths tell what they are.</summary>
    public bool Tells { get; init; }

    /// <summary>null when nothing is better than looking at all of them.</summary>
    public Path? Find(Predicate? predicate, int type)
    {
        switch (predicate)
        {
            case Predicate.And and:
                return OfAll(and, type);
            case Predicate.Or or:
                return OfAny(or, type);
            case Predicate.Compare compare:
                return Of(compare, type);
            case Predicate.Through { How: Quantifier.Some } through:
                return Of(through);
            case Predicate.Standing standing:
                return Find(standing.Part, type);
            case Predicate.OfType of when !of.Ordinals.Contains(type):
                return new(0, _ => { }, !Tells ? null : Told(WayKind.None, null, 0));
            default:
                return null;
        }
    }

    private Path? OfAll(Predicate.And and, int type)
    {
        var parts = new List<Predicate>();
        IndexChooser.Flatten(and, parts);
        var best = OfKey(parts, type);
        foreach (var part in parts)
        {
            if (best?.Estimate <= 1)
                return best;
            if (Find(part, type) is { } path && (best is null || path.Estimate < best.Estimate))
                best = path;
        }
        return best;
    }

    private Path? OfAny(Predicate.Or or, int type)
    {
        var paths = new List<Path>(or.Parts.Length);
        foreach (var part in or.Parts)
            if (Find(part, type) is { } path)
                paths.Add(path);
            else
                return null;
        var sum = paths.Sum(p => p.Estimate);
        return new(sum, slots => paths.ForEach(p => p.Collect(slots)), !Tells ? null : Told(WayKind.Any, null, sum, paths));
    }

    /// <summary>A unique key all of whose fields have a value told: without one a thing is not in it.</summary>
    private Path? OfKey(List<Predicate> parts, int type)
    {
        foreach (var key in root.Type(type)?.Keys ?? [])
        {
            var values = key.Columns
                .Select(c => parts.OfType<Predicate.Compare>().FirstOrDefault(p => p.How == Comparison.Equal && p.Field.Owner.Ordinal == type && p.Operands[0].Json.Length > 0 && new Column(p.Field).IndexName == c.IndexName)?.Operands[0])
                .ToImmutableArray();
            if (values.All(v => v is not null))
                return new(1, slots => slots.AddRange(KeyLookup.Slots(key, values!, root.Space)), !Tells ? null : Told(WayKind.Key, key.Columns, 1));
        }
        return null;
    }

    private Path? Of(Predicate.Compare compare, int type)
    {
        var column = new Column(compare.Field);
        if (column.Builtin == Model.Builtin.Id)
        {
            if (compare.How is not (Comparison.Equal or Comparison.In))
                return null;
            var ids = ConditionCompiler.Ids(compare);
            return new(ids.Count, slots => slots.AddRange(ids.Select(i => map.Find(i, root.Space)).Where(s => s >= 0)), !Tells ? null : Told(WayKind.Ids, null, ids.Count));
        }
        if (compare.How is Comparison.NotEqual or Comparison.NotIn or Comparison.Contains or Comparison.EndsWith)
            return null;
        if (compare.How != Comparison.In && compare.How != Comparison.Equal && compare.Operands[0].Json.Length == 0)
            return new(0, _ => { }, !Tells ? null : Told(WayKind.None, null, 0));
        if (OfKey([compare], type) is { } unique)
            return unique;
        if (!column.IsSortable || column.Builtin == Model.Builtin.None && compare.Field.Owner.Ordinal != type)
            return null;
        var order = IndexOrder.Of(column);
        if (root.Type(type)?.Index(order) is not { } index)
        {
            want(type, order);
            return null;
        }
        var ranges = Ranges(compare, index);
        var sum = ranges.Sum(r => Math.Max(0L, r.To - r.From));
        return new(sum, slots =>
        {
            foreach (var (from, to) in ranges)
                foreach (var key in Tree.Between(index.Tree, from, to))
                    slots.Add(key.Slot);
        }, !Tells ? null : Told(WayKind.Index, [column], sum));
    }

    private List<(int From, int To)> Ranges(Predicate.Compare compare, IndexTree index)
    {
        if (IndexRange.Of(index, [], root.Space).Within(compare, root.Space) is { } range)
            return [(range.From, range.To)];
        // What only texts can begin with is asked of each that has a value.
        if (compare.How == Comparison.StartsWith)
            return [(0, Rank([], after: false))];
        return [.. compare.Operands.Select(o => (Rank(o.Json, after: false), Rank(o.Json, after: true)))];

        int Rank(byte[] json, bool after) => Tree.Rank(index.Tree, new PlaceProbe(index.Order, 0, [json], after, root.Space));
    }

    /// <summary>From few things beyond, or few relationships, back to the things here.</summary>
    private Path? Of(Predicate.Through through)
    {
        var end = through.End;
        var links = root.Type(end.Relationship.Ordinal);
        if (links?.Extent is null)
            return new(0, _ => { }, !Tells ? null : Told(WayKind.None, null, 0));
        if (Find(Predicate.Both(through.SeenLink, through.Link), links.Ordinal) is { } few && few.Estimate < links.Extent.Count / 8)
            return new(few.Estimate, slots => FromLinks(few, slots), !Tells ? null : Told(WayKind.Back, null, few.Estimate, [few], end.Name));
        var asked = Predicate.Both(through.SeenNode, through.Node);
        var paths = new List<Path>();
        var estimate = 0L;
        foreach (var far in end.Far)
        {
            if (Find(asked, far.Ordinal) is not { } path)
                return null;
            paths.Add(path);
            var things = Math.Max(1, Tree.CountOf(root.Type(far.Ordinal)?.Extent));
            estimate += path.Estimate * Math.Max(1, links.Extent.Count / things);
        }
        return new(estimate, slots =>
        {
            var beyond = new List<int>();
            paths.ForEach(p => p.Collect(beyond));
            foreach (var slot in beyond)
                FromThing(slot, slots);
        }, !Tells ? null : Told(WayKind.Back, null, estimate, paths, end.Name));

        void FromLinks(Path path, List<int> slots)
        {
            var found = new List<int>();
            path.Collect(found);
            foreach (var at in found)
            {
                var link = root.Space[at];
                if (link.IsDeleted || !link.IsRelationship)
                    continue;
                if (end.IsSource || end.Relationship.IsSymmetric)
                    Add(link.Source, slots);
                if (!end.IsSource || end.Relationship.IsSymmetric)
                    Add(link.Target, slots);
            }
        }

        void FromThing(int slot, List<int> slots)
        {
            var opposite = end.Relationship.IsSymmetric || !end.IsSource ? end.Relationship.Source : end.Relationship.Target;
            foreach (var hop in new LinkWalk(opposite, links, slot))
                slots.Add(hop.Far);
        }

        void Add(Guid id, List<int> slots)
        {
            if (map.Find(id, root.Space) is var slot and >= 0)
                slots.Add(slot);
        }
    }

    private static Way Told(WayKind kind, IEnumerable<Column>? by, long estimate, List<Path>? parts = null, string? end = null) =>
        new(kind, end ?? string.Join('+', (by ?? []).Select(c => c.Name)), estimate) { Parts = [.. (parts ?? []).Select(p => p.Way!)] };
}
