namespace Xrm.Core.Search;

/// <summary>The words of a folded text: runs of letters and digits of any script.</summary>
internal ref struct TextWords(ReadOnlySpan<byte> fold)
{
    private readonly ReadOnlySpan<byte> _fold = fold;
    private int _at;

    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly TextWords GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_at < _fold.Length && Gap(_at) is var gap and > 0)
            _at += gap;
        var from = _at;
        while (_at < _fold.Length && Gap(_at) == 0)
            _at++;
        Current = _fold[from.._at];
        return Current.Length > 0;
    }

    /// <summary>How many bytes that belong to no word stand here.</summary>
    private readonly int Gap(int at)
    {
        var b = _fold[at];
        if (b < 0x80)
            return b is >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9' ? 0 : 1;
        // « » ° and the like; the dashes, quotation marks and spaces of U+2000 to U+207F, and those of U+3000.
        var isSign = b == 0xC2 || at + 1 < _fold.Length && (b == 0xE2 && _fold[at + 1] is 0x80 or 0x81 || b == 0xE3 && _fold[at + 1] == 0x80);
        return isSign ? Math.Min(b == 0xC2 ? 2 : 3, _fold.Length - at) : 0;
    }
}
