using System.Buffers;

namespace Xrm.Sdk;

/// <summary>Writes down how a French reader says a word. What is heard alike is written alike; accents are gone by then, so an e of any kind is one sound, and none at the end of a word.</summary>
/// <remarks>Letters stand for what they sound like, but for u (as in <c>loup</c>), y (as in <c>lune</c>), c (as in <c>chat</c>) and the nasal vowels 1 (an), 2 (in, un) and 3 (on).</remarks>
/// <param name="word">Lower case letters a to z alone.</param>
/// <param name="key">What does not fit is cut.</param>
internal ref struct FrenchSound(ReadOnlySpan<byte> word, Span<byte> key)
{
    private static readonly SearchValues<byte> Vowels = SearchValues.Create("aeiouy123"u8);

    private readonly ReadOnlySpan<byte> _word = word;
    private readonly Span<byte> _key = key;
    /// <summary>Where what is heard ends.</summary>
    private int _end;
    private int _at;
    private int _length;
    /// <summary>Where the last eu stands in the key: heard at the end, too.</summary>
    private int _eu = -1;

    /// <returns>The length of the key.</returns>
    public int Write()
    {
        _end = End();
        while (_at < _end)
            if (IsVowel(_at))
                Vowel();
            else
                Consonant();
        while (_length > 1 && _key[_length - 1] == 'e' && _eu != _length - 1 && _key[..(_length - 1)].ContainsAny(Vowels))
            _length--;
        return _length;
    }

    /// <summary>Consonants at the end that nobody says, of words that have more than three letters without them.</summary>
    private readonly int End()
    {
        var end = _word.Length;
        var isStop = false;
        while (end > 3 && IsSilent(end, out var stop))
        {
            isStop |= stop;
            end--;
        }
        // Boucher, but not Robert.
        return end > 3 && !isStop && _word[end - 1] == 'r' && _word[end - 2] == 'e' ? end - 1 : end;
    }

    private readonly bool IsSilent(int end, out bool isStop)
    {
        var before = _word[end - 2];
        isStop = _word[end - 1] is not ((byte)'s' or (byte)'x' or (byte)'z');
        return _word[end - 1] switch
        {
            (byte)'s' or (byte)'x' or (byte)'z' or (byte)'t' or (byte)'d' => true,
            (byte)'p' => before is (byte)'m' or (byte)'u',
            (byte)'g' => before is (byte)'n' or (byte)'r',
            (byte)'c' => before == 'n' || before == 'r' && _word[end - 3] == 'e',
            _ => false,
        };
    }

    private void Vowel()
    {
        var isY = Letter(1) == 'y';
        switch (Letter(0))
        {
            case 'a' when Letter(1) == 'u':
                // Renault, but not Paul.
                Say("o"u8, Letter(2) == 'l' && _at + 3 == _end && _end < _word.Length ? 3 : 2);
                break;
            case 'e' when Has("eau"u8):
                Say("o"u8, 3);
                break;
            case 'a' or 'e' when (Letter(1) == 'i' || isY) && IsNasal(2):
                Say("2"u8, 3);
                break;
            case 'o' when (Letter(1) == 'i' || isY) && IsNasal(2):
                Say("o2"u8, 3);
                break;
            case 'a' when IsLiquid("ail"u8):
                Say("ai"u8, Letter(3) == 'l' ? 4 : 3);
                break;
            case 'e' when IsLiquid("eil"u8):
                Say("ei"u8, Letter(3) == 'l' ? 4 : 3);
                break;
            case 'e' when IsLiquid("euil"u8):
                Say("ei"u8, Letter(4) == 'l' ? 5 : 4);
                break;
            case 'o' when IsLiquid("ouil"u8):
                Say("ui"u8, Letter(4) == 'l' ? 5 : 4);
                break;
            case 'o' when Has("oeu"u8):
                _eu = _length;
                Say("e"u8, 3);
                break;
            case 'e' when Letter(1) == 'u':
                _eu = _length;
                Say("e"u8, 2);
                break;
            case 'a' or 'e' when Letter(1) == 'i' || isY && !IsVowel(_at + 2):
                Say("e"u8, 2);
                break;
            case 'o' when Letter(1) == 'i' || isY:
                Say("oa"u8, isY && IsVowel(_at + 2) ? 1 : 2);
                break;
            case 'o' when Letter(1) == 'u':
                Say("u"u8, 2);
                break;
            case 'a' when IsNasal(1):
                Say("1"u8, 2);
                break;
            case 'e' when IsNasal(1):
                // Julien, but not Laurent.
                Say(_at > 0 && _word[_at - 1] is (byte)'i' or (byte)'y' && _at + 2 == _end && (_end == _word.Length || _word[_end] == 's') ? "2"u8 : "1"u8, 2);
                break;
            case 'o' when IsNasal(1):
                Say("3"u8, 2);
                break;
            case 'i' or 'u' or 'y' when IsNasal(1):
                Say("2"u8, 2);
                break;
            case 'u':
                Say("y"u8, 1);
                break;
            case 'y':
                Say("i"u8, 1);
                break;
            default:
                Say(_word.Slice(_at, 1), 1);
                break;
        }
    }

    private void Consonant()
    {
        var next = Letter(1);
        var isSoft = next is 'e' or 'i' or 'y';
        switch (Letter(0))
        {
            case 'b' when next == 'v':
            case 'p' when next == 't':
            case 'h':
            case 'c' when next == 'q':
                _at++;
                break;
            case 'c' when next == 'h':
                Say(Letter(2) is 'l' or 'r' or 'n' || Has("chae"u8) ? "k"u8 : "c"u8, 2);
                break;
            case 'c' when isSoft || Has("coi"u8) && _word[.._at].EndsWith("fran"u8):
                Say("s"u8, 1);
                break;
            case 'c':
                Say("k"u8, next == 'k' ? 2 : 1);
                break;
            case 'g' when next == 'n':
                Say("ni"u8, 2);
                break;
            case 'g' when next is 'w' or 'h' || next == 'u' && Letter(2) is 'e' or 'i' or 'y':
                Say("g"u8, 2);
                break;
            case 'g' when isSoft:
            case 'j':
                // Jean and Georges: the e only softens.
                Say("j"u8, next == 'e' && Letter(2) is 'a' or 'o' && !Has("jeau"u8) ? 2 : 1);
                break;
            case 'p' when next == 'h':
                Say("f"u8, 2);
                break;
            case 'q':
                Say("k"u8, next == 'u' ? 2 : 1);
                break;
            case 's' when Has("sch"u8):
                Say("c"u8, 3);
                break;
            case 's' when next == 'h':
                Say("c"u8, 2);
                break;
            case 's' when next == 'c' && Letter(2) is 'e' or 'i' or 'y':
                Say("s"u8, 2);
                break;
            case 'w':
                Say("v"u8, 1);
                break;
            case 'x':
                Say(_at == 0 ? "s"u8 : "ks"u8, 1);
                break;
            case 'z':
                Say("s"u8, 1);
                break;
            default:
                Say(_word.Slice(_at, 1), 1);
                break;
        }
    }

    /// <summary>Writes sounds, none of them twice in a row, and goes on behind the letters that made them.</summary>
    private void Say(ReadOnlySpan<byte> sounds, int letters)
    {
        _at += letters;
        foreach (var sound in sounds)
            if (_length < _key.Length && (_length == 0 || _key[_length - 1] != sound))
                _key[_length++] = sound;
    }

    /// <summary>A letter from here; 0 behind the end.</summary>
    private readonly char Letter(int ahead) => _at + ahead < _end ? (char)_word[_at + ahead] : '\0';

    private readonly bool Has(ReadOnlySpan<byte> letters) => _word[_at.._end].StartsWith(letters);

    /// <summary>A vowel before a liquid l, single at the end or double: Mireille, Bouillon.</summary>
    private readonly bool IsLiquid(ReadOnlySpan<byte> letters) => Has(letters) && Letter(letters.Length) is '\0' or 'l';

    /// <summary>An n or m that is not heard itself: none like it and no vowel follows.</summary>
    private readonly bool IsNasal(int ahead) => Letter(ahead) is 'n' or 'm' && Letter(ahead + 1) is not ('n' or 'm') && !IsVowel(_at + ahead + 1);

    private readonly bool IsVowel(int at) => at < _end && _word[at] is (byte)'a' or (byte)'e' or (byte)'i' or (byte)'o' or (byte)'u' or (byte)'y';
}
