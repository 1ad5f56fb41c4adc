using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Search;

/// <summary>A field of a type as one actor's search looks at it, made ready for one state.</summary>
/// <param name="IsSearched">Whether something can be found in it; else it is only part of the name.</param>
/// <param name="IsName">Whether it is part of what the thing is called.</param>
/// <param name="Seen">Where the actor sees it; null = always.</param>
internal readonly record struct MatchField(Column Column, bool IsSearched, bool IsName, Condition? Seen);

/// <summary>Tells whether a thing is found and how well, from its own fields as the actor sees them.</summary>
/// <remarks>
/// Every word must be found in some field: as a whole word, else as the beginning of one, else by its sound, else, in an e-mail address or a phone number, somewhere in it.
/// The rank, smallest first: things found whole (a field, or the name, is just what was searched for), then by how words were found, then those found in the name,
/// then those with a shorter name. It depends on nothing but the thing and the text.
/// </remarks>
internal sealed class SearchMatch(SearchText text, MatchField[] fields)
{
    private const byte Nowhere = byte.MaxValue;
    /// <summary>Twice how a word was found, and one more where it is not in the name.</summary>
    private const byte Exact = 0, Begun = 2, Heard = 4, Inside = 6;
    private const int LengthBits = 12, ElsewhereBits = 5, HowBits = 8;

    private readonly bool _hears = text.Words.Any(w => w.Sound.Length > 0);

    public bool IsEmpty { get; } = text.IsEmpty || !fields.Any(f => f.IsSearched);

    public bool TryMatch(in Record record, int slot, out int rank)
    {
        var found = new Tally(stackalloc byte[text.Words.Length]);
        foreach (var field in fields)
        {
            if (!field.Column.TryGet(record, default, out var json) || field.Seen?.Holds(record, slot) == false)
                continue;
            if (!field.Column.IsMany)
                Look(field, json, ref found);
            else if (field.IsSearched)
                foreach (var element in new Elements(json))
                    Look(field, element, ref found);
        }
        if (_hears && Lacks(found))
            foreach (var field in fields)
                if (field.IsSearched && field.Column.TryGet(record, default, out var json) && field.Seen?.Holds(record, slot) != false)
                    if (!field.Column.IsMany)
                        Hear(field, json, ref found);
                    else
                        foreach (var element in new Elements(json))
                            Hear(field, element, ref found);
        rank = int.MaxValue;
        for (var reading = 0; reading < text.Readings.Length; reading++)
            rank = Math.Min(rank, Rank(reading, found));
        return rank < int.MaxValue;
    }

    private void Look(in MatchField field, scoped ReadOnlySpan<byte> json, ref Tally found)
    {
        if (json[0] != '"')
        {
            // A name may have parts that are no text.
            found.Length += json.Length;
            found.NameWords++;
            return;
        }
        using var fold = new FoldedText(json, stackalloc byte[256]);
        var form = field.IsSearched ? ValueForms.Of(json) : ValueForm.Plain;
        var elsewhere = (byte)(field.IsName ? 0 : 1);
        Span<byte> room = stackalloc byte[ValueForms.NationalLength];
        // Bit r: all words so far are those of reading r.
        var same = (1 << text.Readings.Length) - 1;
        var count = 0;
        foreach (var word in new TextWords(fold.Bytes))
        {
            if (field.IsSearched)
            {
                var national = form == ValueForm.Phone ? ValueForms.National(word, room) : default;
                for (var i = 0; i < text.Words.Length; i++)
                    found.Note(i, (byte)(How(text.Words[i], word, national, form) | elsewhere));
                for (var r = 0; r < text.Readings.Length; r++)
                    if (count >= text.Readings[r].Length || text.Words[text.Readings[r][count]].Fold is var asked && !word.SequenceEqual(asked) && !national.SequenceEqual(asked))
                        same &= ~(1 << r);
            }
            count++;
        }
        if (field.IsSearched)
            for (var r = 0; r < text.Readings.Length; r++)
                if (count == text.Readings[r].Length)
                    found.Whole |= same & 1 << r;
        if (!field.IsName)
            return;
        found.NameWords += count;
        found.Length += fold.Bytes.Length;
    }

    private static byte How(SearchWord asked, ReadOnlySpan<byte> word, ReadOnlySpan<byte> national, ValueForm form)
    {
        var fold = asked.Fold;
        if (word.StartsWith(fold))
            return word.Length == fold.Length ? Exact : Begun;
        if (form == ValueForm.Plain)
            return Nowhere;
        if (national.StartsWith(fold))
            return national.Length == fold.Length ? Exact : Begun;
        return fold.Length >= ValueForms.Fragment && word.IndexOf(fold) > 0 ? Inside : Nowhere;
    }

    /// <summary>Whether a word that can be heard was not found in a better way.</summary>
    private bool Lacks(in Tally found)
    {
        for (var i = 0; i < text.Words.Length; i++)
            if (found.How[i] >= Inside && text.Words[i].Sound.Length > 0)
                return true;
        return false;
    }

    private void Hear(in MatchField field, scoped ReadOnlySpan<byte> json, ref Tally found)
    {
        if (ValueForms.Of(json) != ValueForm.Plain)
            return;
        using var fold = new FoldedText(json, stackalloc byte[256]);
        var elsewhere = (byte)(field.IsName ? 0 : 1);
        Span<byte> sound = stackalloc byte[Postings.SoundLength];
        foreach (var word in new TextWords(fold.Bytes))
        {
            if (TextKey.Sound(word, sound) is not (var length and > 0))
                continue;
            for (var i = 0; i < text.Words.Length; i++)
                if (sound[..length].SequenceEqual(text.Words[i].Sound))
                    found.Note(i, (byte)(Heard | elsewhere));
        }
    }

    private int Rank(int reading, in Tally found)
    {
        var words = text.Readings[reading];
        int how = 0, elsewhere = 0;
        foreach (var word in words)
        {
            if (found.How[word] == Nowhere)
                return int.MaxValue;
            how += found.How[word] >> 1;
            elsewhere += found.How[word] & 1;
        }
        var isWhole = (found.Whole & 1 << reading) != 0 || how == 0 && elsewhere == 0 && found.NameWords == words.Length;
        return (isWhole ? 0 : 1) << HowBits + ElsewhereBits + LengthBits
            | Math.Min(how, (1 << HowBits) - 1) << ElsewhereBits + LengthBits
            | Math.Min(elsewhere, (1 << ElsewhereBits) - 1) << LengthBits
            | Math.Min(found.Length, (1 << LengthBits) - 1);
    }

    /// <summary>What was found so far.</summary>
    private ref struct Tally
    {
        public Tally(Span<byte> how)
        {
            How = how;
            how.Fill(Nowhere);
        }

        public readonly Span<byte> How;
        /// <summary>Bit r: a field is just the words of reading r.</summary>
        public int Whole;
        public int NameWords;
        /// <summary>Of the name, in bytes.</summary>
        public int Length;

        public readonly void Note(int word, byte how) => How[word] = Math.Min(How[word], how);
    }
}
