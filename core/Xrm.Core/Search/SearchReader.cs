using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Search;

/// <summary>Lists what a search finds: by the index of words where there is one, else by looking at all records; what is found is told from each record alone.</summary>
/// <param name="want">Told of which type an index would have helped.</param>
internal sealed class SearchReader(Root root, Action<int> want, ConditionCompiler compiler, SearchText text)
{
    private readonly List<Hit> _hits = [];
    private int _looked;

    public Rows Read(ReadStep.List step, ImmutableArray<SearchedField> fields, CancellationToken cancellation)
    {
        var selection = step.Selection;
        var isRanked = selection.Order.IsEmpty;
        var looks = step.Views.Select(v => new Look(v, root, compiler, text, step.During, fields)).Where(l => !l.Match.IsEmpty).ToDictionary(l => l.Type);
        foreach (var look in looks.Values)
            Collect(look, cancellation);
        var ordering = new Ordering(selection.Order, root.Space, compiler);
        var found = isRanked && selection.Groupings.IsEmpty ? [] : _hits.ConvertAll(h => ordering.Make(h.Slot, -1));
        // Taken before the window is cut, which may put them in another order.
        var groups = selection.Groupings.Select(g => Grouper.Group(g, found, root.Space, compiler)).ToImmutableArray();
        long count = _hits.Count;
        var (hasPrevious, hasNext) = (false, false);
        int[] slots = [];
        ImmutableArray<SortPosition> places = [];
        if (selection.WantsRows && isRanked)
        {
            var order = new SearchOrder(looks, root.Space);
            (var hits, hasPrevious, hasNext) = order.Cut(_hits, selection);
            slots = [.. hits.Select(h => h.Slot)];
            places = [.. hits.Select(order.PlaceOf)];
        }
        else if (selection.WantsRows)
        {
            (var items, hasPrevious, hasNext) = Window.Cut(found, selection, ordering);
            slots = [.. items.Select(i => i.Slot)];
        }
        return new()
        {
            Items = [.. slots.Select(s => Row(s, looks))],
            Starts = [0, slots.Length],
            Counts = selection.Counts ? [count] : [],
            HasNext = [hasNext],
            HasPrevious = [hasPrevious],
            Found = places,
            Groups = groups,
        };
    }

    private void Collect(Look look, CancellationToken cancellation)
    {
        var type = root.Type(look.Type);
        if (type?.Words is { } words && look.Fields.All(f => !f.IsSearched || words.Covers(f.Column)))
        {
            using var candidates = new Candidates(words.Tree, text, root.Space.Slots);
            foreach (var slot in candidates)
                Take(look, slot, cancellation);
            return;
        }
        want(look.Type);
        foreach (var key in Tree.Between(type?.Extent, 0, int.MaxValue))
            Take(look, key.Slot, cancellation);
    }

    private void Take(Look look, int slot, CancellationToken cancellation)
    {
        if ((++_looked & 0x3FF) == 0)
            cancellation.ThrowIfCancellationRequested();
        var record = root.Space[slot];
        if (!look.Match.TryMatch(record, slot, out var rank) || !look.Sees(record, slot))
            return;
        _hits.Add(new(slot, rank, 0));
    }

    private Row Row(int slot, Dictionary<int, Look> looks)
    {
        var record = root.Space[slot];
        return new(record, default, ConditionCompiler.Bits(looks[record.TypeOrdinal].Masks, record, slot), 0) { Place = slot };
    }
}

/// <summary>How one search looks at the things of one type.</summary>
internal sealed class Look
{
    private readonly Condition? _where;
    private readonly bool _asksDays;
    private readonly int _from;
    private readonly int _to;

    public Look(TypeView view, Root root, ConditionCompiler compiler, SearchText text, Period? during, ImmutableArray<SearchedField> fields)
    {
        Type = view.Type.Ordinal;
        Fields = [.. fields.Where(f => f.Field.Owner.Ordinal == Type).Select(f => new MatchField(new(f.Field), f.IsSearched, f.IsName, compiler.Compile(f.SeenWhen)))];
        Match = new(text, Tree.CountOf(root.Type(Type)?.Extent) == 0 ? [] : Fields);
        Masks = compiler.Compile(view.Masks);
        _where = compiler.Compile(view.Where);
        _asksDays = view.Type.IsDated && during is { } period && period != Period.Always;
        (_from, _to) = during is { } days ? (Days.From(days), Days.To(days)) : (0, 0);
    }

    public int Type { get; }
    public MatchField[] Fields { get; }
    public SearchMatch Match { get; }
    public Condition?[] Masks { get; }

    public bool Sees(in Record record, int slot) => (!_asksDays || Days.Meets(record.FromDay, record.ToDay, _from, _to)) && _where?.Holds(record, slot) != false;
}
