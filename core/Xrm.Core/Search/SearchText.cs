using System.Collections.Immutable;
using System.Text;
using Xrm.Core.Image;
using Xrm.Sdk;

namespace Xrm.Core.Search;

/// <summary>What is searched for: words, all of which must be found. Numbers written in groups are read in two ways, as they stand and as one number.</summary>
internal sealed class SearchText
{
    /// <summary>A store is not asked for more.</summary>
    public const int MostWords = 64;

    private SearchText(ImmutableArray<SearchWord> words, ImmutableArray<ImmutableArray<int>> readings)
    {
        Words = words;
        Readings = readings;
    }

    /// <summary>Of all readings, each once.</summary>
    public ImmutableArray<SearchWord> Words { get; }

    /// <summary>For each way to read it the places of its words; one or two, the first as it stands.</summary>
    public ImmutableArray<ImmutableArray<int>> Readings { get; }

    /// <summary>Whether there is no letter or digit in it: then it finds nothing.</summary>
    public bool IsEmpty => Words.IsEmpty;

    /// <summary>How many words it has as it stands.</summary>
    public int Count => Readings[0].Length;

    public static SearchText Of(string text)
    {
        var words = ImmutableArray.CreateBuilder<SearchWord>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var plain = Split(text);
        var joined = Join(Split(text.Replace("(0)", "", StringComparison.Ordinal)));
        var first = Place(plain);
        ImmutableArray<ImmutableArray<int>> readings = joined.SequenceEqual(plain) ? [first] : [first, Place(joined)];
        return new(words.ToImmutable(), readings);

        ImmutableArray<int> Place(List<string> reading)
        {
            var at = ImmutableArray.CreateBuilder<int>(reading.Count);
            foreach (var word in reading)
            {
                if (!places.TryGetValue(word, out var place))
                {
                    places.Add(word, place = words.Count);
                    words.Add(new(Encoding.UTF8.GetBytes(word)));
                }
                at.Add(place);
            }
            return at.MoveToImmutable();
        }
    }

    /// <summary>The same for texts that find the same in the same order.</summary>
    public override string ToString() => string.Join(" / ", Readings.Select(r => string.Join(' ', r.Select(w => Words[w]))));

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        foreach (var word in new TextWords(Encoding.UTF8.GetBytes(TextKey.Fold(text))))
            words.Add(Encoding.UTF8.GetString(word));
        return words;
    }

    /// <summary>Joins numbers that stand side by side (06 12 34), and drops the 00 that is dialled for a plus.</summary>
    private static List<string> Join(List<string> words)
    {
        var joined = new List<string>();
        var isNumber = false;
        foreach (var word in words)
        {
            var wasNumber = isNumber;
            isNumber = word.All(char.IsAsciiDigit);
            if (isNumber && wasNumber)
                joined[^1] += word;
            else
                joined.Add(word);
        }
        for (var i = 0; i < joined.Count; i++)
            if (joined[i].Length > 4 && joined[i].StartsWith("00", StringComparison.Ordinal) && joined[i].All(char.IsAsciiDigit))
                joined[i] = joined[i][2..];
        return joined;
    }
}

/// <summary>One word that is searched for.</summary>
/// <param name="fold">In UTF-8.</param>
internal sealed class SearchWord(byte[] fold)
{
    /// <summary>Shorter ones sound like too much.</summary>
    private const int Heard = 3;

    public byte[] Fold => fold;

    /// <summary>How it is said; empty where that says nothing.</summary>
    public byte[] Sound { get; } = SoundOf(fold);

    public bool IsNumber { get; } = ValueForms.IsNumber(fold);

    /// <summary>Between these, both inclusive, lie the postings of all words that begin so.</summary>
    public (ulong From, ulong To) Begun { get; } = (ValueOrder.OfFold(fold), ValueOrder.OfFold(fold) | (fold.Length < 8 ? ulong.MaxValue >> fold.Length * 8 : 0));

    public override string ToString() => Encoding.UTF8.GetString(fold);

    private static byte[] SoundOf(byte[] fold)
    {
        if (fold.Length < Heard)
            return [];
        Span<byte> sound = stackalloc byte[Postings.SoundLength];
        return sound[..TextKey.Sound(fold, sound)].ToArray();
    }
}
