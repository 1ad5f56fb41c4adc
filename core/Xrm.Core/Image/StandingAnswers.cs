using System.Runtime.CompilerServices;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>What standing questions answer of the records of a type: for each slot a word with a bit for each question. Immutable once its root is in force; a batch that owns it copies each page once.</summary>
internal sealed class StandingAnswers
{
    /// <summary>So many questions have a bit; whoever asks more asks the records.</summary>
    public const int Most = 31;
    private const int PageSize = 1024;
    /// <summary>A record of the type is there.</summary>
    private const uint There = 1u << Most;

    public static readonly StandingAnswers None = new(0, [], []);

    private readonly long _owner;
    private readonly Kept[] _questions;
    private Page[] _pages;

    private StandingAnswers(long owner, Kept[] questions, Page[] pages)
    {
        _owner = owner;
        _questions = questions;
        _pages = pages;
    }

    /// <summary>Whether one more question may have a bit: there are few, or one has not been asked for a while and makes room.</summary>
    public bool HasRoom => _questions.Length < Most || _questions.Min(q => q.LastUse) < Environment.TickCount64 - 60_000;

    /// <summary>The bits that hold for the record in a slot; 0 when none of the type is there.</summary>
    public uint this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (uint)slot / PageSize < (uint)_pages.Length && _pages[slot / PageSize].Words is { } words ? words[slot % PageSize] : 0;
    }

    /// <summary>What is kept of a question; null when it is not kept.</summary>
    public StandingCondition? Find(string name)
    {
        for (var i = 0; i < _questions.Length; i++)
            if (_questions[i].Name == name)
            {
                _questions[i].LastUse = Environment.TickCount64;
                return new(this, 1u << i, _questions[i].Condition);
            }
        return null;
    }

    /// <summary>A copy for a batch to change; itself when it is that batch's already.</summary>
    public StandingAnswers For(long owner) => owner == _owner ? this : new(owner, _questions, (Page[])_pages.Clone());

    /// <summary>Takes what a record is.</summary>
    public void Put(in Record record, int slot)
    {
        var word = There;
        for (var i = 0; i < _questions.Length; i++)
            if (_questions[i].Condition.Holds(record, slot))
                word |= 1u << i;
        Words(slot)[slot % PageSize] = word;
    }

    /// <summary>Takes that no record of the type is in a slot any more.</summary>
    public void Clear(int slot) => Words(slot)[slot % PageSize] = 0;

    /// <summary>With one more question, asked of all records; where there are as many as there may be, the one asked least makes room.</summary>
    /// <param name="condition">Asks a record alone.</param>
    public StandingAnswers With(string name, Condition condition, Tree? extent, RecordSpace space, long owner)
    {
        var at = _questions.Length < Most ? _questions.Length : Array.IndexOf(_questions, _questions.MinBy(q => q.LastUse));
        Kept[] questions = [.. _questions.AsSpan(0, at), new(name, condition), .. _questions.AsSpan(Math.Min(at + 1, _questions.Length))];
        var with = new StandingAnswers(owner, questions, (Page[])_pages.Clone());
        foreach (var key in Tree.Between(extent, 0, int.MaxValue))
        {
            ref var word = ref with.Words(key.Slot)[key.Slot % PageSize];
            word = word & ~(1u << at) | There | (condition.Holds(space[key.Slot], key.Slot) ? 1u << at : 0);
        }
        return with;
    }

    private uint[] Words(int slot)
    {
        if (slot / PageSize >= _pages.Length)
            Array.Resize(ref _pages, slot / PageSize + 1);
        ref var page = ref _pages[slot / PageSize];
        if (page.Words is null || page.Owner != _owner)
            page = new(_owner, (uint[]?)page.Words?.Clone() ?? new uint[PageSize]);
        return page.Words!;
    }

    /// <param name="Words">null where no slot is of the type.</param>
    private readonly record struct Page(long Owner, uint[]? Words);

    /// <summary>A question that has a bit.</summary>
    private sealed class Kept(string name, Condition condition)
    {
        private long _lastUse = Environment.TickCount64;

        public string Name { get; } = name;
        public Condition Condition { get; } = condition;

        /// <summary>In milliseconds of the machine.</summary>
        public long LastUse
        {
            get => Volatile.Read(ref _lastUse);
            set => Volatile.Write(ref _lastUse, value);
        }
    }
}

/// <summary>Holds where one of some standing questions does: told from what is kept, and asked of a record that is not where it is kept.</summary>
/// <param name="bits">Of the questions.</param>
/// <param name="asked">The same, asked of a record.</param>
internal sealed class StandingCondition(StandingAnswers answers, uint bits, Condition asked) : Condition
{
    public override bool Holds(in Record record, int slot) => answers[slot] is var word && word != 0 ? (word & bits) != 0 : asked.Holds(record, slot);

    public override bool IsKept => true;

    public override long Count(Tree.Walk keys, RecordSpace space)
    {
        var count = 0L;
        foreach (var key in keys)
            if (answers[key.Slot] is var word && word != 0 ? (word & bits) != 0 : asked.Holds(space[key.Slot], key.Slot))
                count++;
        return count;
    }

    /// <summary>Holds where one of some conditions does.</summary>
    public static Condition AnyOf(Condition[] parts)
    {
        var any = new Any(parts);
        if (parts is not [StandingCondition { Answers: var kept }, ..])
            return any;
        var bits = 0u;
        foreach (var part in parts)
        {
            if (part is not StandingCondition standing || standing.Answers != kept)
                return any;
            bits |= standing.Bits;
        }
        return new StandingCondition(kept, bits, any);
    }

    private StandingAnswers Answers => answers;
    private uint Bits => bits;
}
