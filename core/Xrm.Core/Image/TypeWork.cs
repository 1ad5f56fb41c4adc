using System.Collections.Immutable;
using Xrm.Core.Files;
using Xrm.Core.Search;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>The trees of a type while a batch changes them.</summary>
internal sealed class TypeWork
{
    /// <summary>How many indexes a type has at most.</summary>
    public const int MostIndexes = 24;

    private readonly long _owner;
    private readonly RecordSpace _space;
    private readonly int _ordinal;
    private readonly PostingWork _words;
    private readonly PostingWork _files;
    private Tree? _extent;
    private Links? _bySource;
    private Links? _byTarget;
    private long _lastBlock;
    private KeyTree[] _keys;
    private IndexTree[] _indexes;
    private StandingAnswers? _answers;

    public TypeWork(TypeState state, long owner, RecordSpace space)
    {
        _owner = owner;
        _space = space;
        _ordinal = state.Ordinal;
        _words = new(state.Words, Postings.Of, owner, space);
        _files = new(state.Files, FileMentions.Of, owner, space);
        _extent = state.Extent;
        _bySource = state.BySource;
        _byTarget = state.ByTarget;
        _lastBlock = state.LastBlock;
        _keys = [.. state.Keys];
        _indexes = [.. state.Indexes];
        _answers = state.Answers;
    }

    public long LastBlock => _lastBlock;
    public Tree? Extent => _extent;
    public Links? BySource => _bySource;
    public Links? ByTarget => _byTarget;
    public IReadOnlyList<KeyTree> Keys => _keys;

    public void Touch(long block) => _lastBlock = Math.Max(_lastBlock, block);

    public TypeState Freeze() => new(_ordinal)
    {
        Extent = _extent,
        BySource = _bySource,
        ByTarget = _byTarget,
        LastBlock = _lastBlock,
        Words = _words.Index,
        Files = _files.Index,
        Answers = _answers,
        Keys = [.. _keys],
        Indexes = [.. _indexes],
    };

    public void Add(in Record record, int slot)
    {
        _extent = Edit(IdOrder.Instance).Insert(_extent, IdOrder.Key(record, slot));
        for (var i = 0; i < _keys.Length; i++)
            if (KeyHash.TryOf(_keys[i].Columns, record, out var hash))
                _keys[i] = _keys[i] with { Tree = Edit(KeyOrder.BySlot).Insert(_keys[i].Tree, new(hash, slot)) };
        AddApart(record, slot);
    }

    /// <summary>Adds several new records.</summary>
    public void Add(List<int> slots)
    {
        using var sort = new KeySort(slots.Count);
        for (var i = 0; i < slots.Count; i++)
            sort.Keys[i] = IdOrder.Key(_space[slots[i]], slots[i]);
        _extent = Grown(_extent, sort, slots.Count, IdOrder.Instance);
        for (var i = 0; i < _keys.Length; i++)
        {
            var count = 0;
            foreach (var slot in slots)
                if (KeyHash.TryOf(_keys[i].Columns, _space[slot], out var hash))
                    sort.Keys[count++] = new(hash, slot);
            _keys[i] = _keys[i] with { Tree = Grown(_keys[i].Tree, sort, count, KeyOrder.BySlot) };
        }
        foreach (var slot in slots)
            AddApart(_space[slot], slot);
    }

    public void Remove(in Record record, int slot)
    {
        _words.Remove(record, slot);
        _files.Remove(record, slot);
        _extent = Edit(IdOrder.Instance).Remove(_extent, IdOrder.Key(record, slot));
        for (var i = 0; i < _keys.Length; i++)
            if (KeyHash.TryOf(_keys[i].Columns, record, out var hash))
                _keys[i] = _keys[i] with { Tree = Edit(KeyOrder.BySlot).Remove(_keys[i].Tree, new(hash, slot)) };
        for (var i = 0; i < _indexes.Length; i++)
            _indexes[i] = Removed(_indexes[i], record, slot);
        (_answers = _answers?.For(_owner))?.Clear(slot);
    }

    /// <summary>Takes an update of a record, whose trees hold the old one, in two halves around putting the new one: before, with what it was; after, with what it is.</summary>
    public UpdatedTrees Before(in Record old, int slot, int[] changed, bool periodChanged)
    {
        var touched = new UpdatedTrees(new bool[_keys.Length], new bool[_indexes.Length], _words.IsTouchedBy(changed), _files.IsTouchedBy(changed));
        if (touched.Words)
            _words.Remove(old, slot);
        if (touched.Files)
            _files.Remove(old, slot);
        for (var i = 0; i < _keys.Length; i++)
            if (touched.Keys[i] = _keys[i].Columns.Any(c => changed.Contains(c.IndexName)))
                if (KeyHash.TryOf(_keys[i].Columns, old, out var hash))
                    _keys[i] = _keys[i] with { Tree = Edit(KeyOrder.BySlot).Remove(_keys[i].Tree, new(hash, slot)) };
        for (var i = 0; i < _indexes.Length; i++)
        {
            touched.Indexes[i] = _indexes[i].Order.Feels(changed, periodChanged);
            if (touched.Indexes[i])
                _indexes[i] = Removed(_indexes[i], old, slot);
        }
        return touched;
    }

    public void After(in Record now, int slot, UpdatedTrees touched)
    {
        if (touched.Words)
            _words.Add(now, slot);
        if (touched.Files)
            _files.Add(now, slot);
        for (var i = 0; i < _keys.Length; i++)
            if (touched.Keys[i] && KeyHash.TryOf(_keys[i].Columns, now, out var hash))
                _keys[i] = _keys[i] with { Tree = Edit(KeyOrder.BySlot).Insert(_keys[i].Tree, new(hash, slot)) };
        for (var i = 0; i < _indexes.Length; i++)
            if (touched.Indexes[i])
                _indexes[i] = Added(_indexes[i], now, slot);
        (_answers = _answers?.For(_owner))?.Put(now, slot);
    }

    /// <summary>Builds the index of words in these fields, in place of any that there is; of none there is none.</summary>
    public void IndexWords(ImmutableArray<Column> columns) => _words.Build(columns, _extent);

    /// <summary>Builds the index of contents that these fields name, in place of any that there is; of none there is none.</summary>
    public void IndexFiles(ImmutableArray<Column> columns) => _files.Build(columns, _extent);

    public void Link(int source, int target, int slot)
    {
        LinkSource(source, target, slot);
        LinkTarget(source, target, slot);
    }

    /// <summary>One half of <see cref="Link"/>; another thread may do the other meanwhile.</summary>
    public void LinkSource(int source, int target, int slot) => _bySource = Links.Add(_bySource, _owner, source, new(slot, target));

    /// <summary>The other half.</summary>
    public void LinkTarget(int source, int target, int slot) => _byTarget = Links.Add(_byTarget, _owner, target, new(slot, source));

    public void Unlink(int source, int target, int slot)
    {
        _bySource = Links.Remove(_bySource, _owner, source, new(slot, target));
        _byTarget = Links.Remove(_byTarget, _owner, target, new(slot, source));
    }

    public void BuildExtent(KeySort sort) => _extent = Sorted(sort, sort.Keys.Length, IdOrder.Instance);

    /// <summary>Builds keys and indexes anew, from the extent.</summary>
    public void BuildOthers(KeySort sort)
    {
        for (var i = 0; i < _keys.Length; i++)
            _keys[i] = Made(_keys[i].Columns, sort);
        for (var i = 0; i < _indexes.Length; i++)
            _indexes[i] = Made(_indexes[i].Order, sort);
        _answers = null;
    }

    /// <summary>Keeps trees for these keys and no others; those that are there stay.</summary>
    public void Keep(IReadOnlyList<ImmutableArray<Column>> keys)
    {
        _keys = [.. keys.Select(columns =>
        {
            if (_keys.FirstOrDefault(k => k.Columns.Select(c => c.IndexName).SequenceEqual(columns.Select(c => c.IndexName))) is { } there)
                return there;
            using var sort = new KeySort(Tree.CountOf(_extent));
            return Made(columns, sort);
        })];
    }

    /// <summary>Keeps an index; where there are as many as there may be, the one used least makes room.</summary>
    public void AddIndex(IndexOrder order)
    {
        if (_indexes.Length >= MostIndexes)
            _indexes = [.. _indexes.OrderByDescending(i => i.LastUse).Take(MostIndexes - 1)];
        using var sort = new KeySort(Tree.CountOf(_extent));
        _indexes = [.. _indexes, Made(order, sort)];
    }

    /// <summary>Keeps what a standing question answers, besides those that it keeps.</summary>
    /// <param name="condition">Asks a record alone.</param>
    public void Answer(string question, Condition condition) => _answers = (_answers ?? StandingAnswers.None).With(question, condition, _extent, _space, _owner);

    /// <summary>Keeps no answers until they are asked again.</summary>
    public void DropAnswers() => _answers = null;

    private KeyTree Made(ImmutableArray<Column> columns, KeySort sort)
    {
        var count = 0;
        foreach (var key in Tree.Between(_extent, 0, int.MaxValue))
            if (KeyHash.TryOf(columns, _space[key.Slot], out var hash))
                sort.Keys[count++] = new(hash, key.Slot);
        return new(columns, Sorted(sort, count, KeyOrder.BySlot));
    }

    private IndexTree Made(IndexOrder order, KeySort sort)
    {
        var count = 0;
        var values = order.Apart.IsEmpty ? null : ApartValues.None;
        foreach (var key in Tree.Between(_extent, 0, int.MaxValue))
        {
            var record = _space[key.Slot];
            var made = order.Key(record, key.Slot);
            sort.Keys[count++] = made;
            values = values?.With(order.Apart, record, made.Prefix);
        }
        return new(order, Sorted(sort, count, order)) { Values = values, LastUse = Environment.TickCount64 };
    }

    /// <summary>Adds a record to what is kept of it besides the extent and the keys.</summary>
    private void AddApart(in Record record, int slot)
    {
        _words.Add(record, slot);
        _files.Add(record, slot);
        for (var i = 0; i < _indexes.Length; i++)
            _indexes[i] = Added(_indexes[i], record, slot);
        (_answers = _answers?.For(_owner))?.Put(record, slot);
    }

    private IndexTree Added(IndexTree index, in Record record, int slot)
    {
        var key = index.Order.Key(record, slot);
        return index with { Tree = Edit(index.Order).Insert(index.Tree, key), Values = index.Values?.With(index.Order.Apart, record, key.Prefix) };
    }

    private IndexTree Removed(IndexTree index, in Record record, int slot) => index with { Tree = Edit(index.Order).Remove(index.Tree, index.Order.Key(record, slot)) };

    private Tree? Sorted(KeySort sort, int count, KeyOrder order) => Tree.Build(_owner, sort.Sort(count, order, _space));

    /// <summary>A tree with the first so many keys besides its own.</summary>
    private Tree? Grown(Tree? tree, KeySort sort, int count, KeyOrder order)
    {
        var sorted = sort.Sort(count, order, _space);
        if (tree is null)
            return Tree.Build(_owner, sorted);
        var edit = Edit(order);
        foreach (ref readonly var key in sorted)
            tree = edit.Insert(tree, key);
        return tree;
    }

    private TreeEdit Edit(KeyOrder order) => new(_owner, order, _space);
}

/// <summary>Which trees of a type an update of a record touches.</summary>
internal readonly record struct UpdatedTrees(bool[] Keys, bool[] Indexes, bool Words, bool Files);
