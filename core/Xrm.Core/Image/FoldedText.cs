using System.Buffers;
using System.Text;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>The fold of a JSON string as UTF-8, without making strings for the letters that French texts are made of.</summary>
internal ref struct FoldedText
{
    private const int FirstLatin = 0xC0;
    private static readonly byte[]?[] Latin = [.. Enumerable.Range(FirstLatin, 0x180 - FirstLatin).Select(FoldOf)];

    private readonly Span<byte> _scratch;
    private byte[]? _rented;

    /// <param name="scratch">Used when the fold fits.</param>
    public FoldedText(ReadOnlySpan<byte> json, Span<byte> scratch)
    {
        // No fold of the letters written here is longer than the text itself.
        _scratch = json.Length <= scratch.Length ? scratch : _rented = ArrayPool<byte>.Shared.Rent(json.Length);
        Bytes = TryFold(json[1..^1], _scratch, out var length)
            ? _scratch[..length]
            : Encoding.UTF8.GetBytes(TextKey.Fold(JsonValue.Text(json)));
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
    }

    public static byte[] Of(ReadOnlySpan<byte> json)
    {
        using var fold = new FoldedText(json, stackalloc byte[256]);
        return fold.Bytes.ToArray();
    }

    private static bool TryFold(ReadOnlySpan<byte> text, Span<byte> fold, out int length)
    {
        length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            switch (b)
            {
                case >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9':
                    fold[length++] = b;
                    break;
                case >= (byte)'A' and <= (byte)'Z':
                    fold[length++] = (byte)(b | 0x20);
                    break;
                case <= (byte)' ' or (byte)'-' or (byte)'\'' or (byte)'`' or 0x7F:
                    if (length > 0 && fold[length - 1] != ' ')
                        fold[length++] = (byte)' ';
                    break;
                case (byte)'\\':
                    return false;
                case < 0x80:
                    fold[length++] = b;
                    break;
                case 0xC3 or 0xC4 or 0xC5 when i + 1 < text.Length && Latin[((b & 0x1F) << 6 | text[i + 1] & 0x3F) - FirstLatin] is { } folded:
                    i++;
                    folded.CopyTo(fold[length..]);
                    length += folded.Length;
                    break;
                default:
                    return false;
            }
        }
        if (length > 0 && fold[length - 1] == ' ')
            length--;
        return true;
    }

    // Longer than its letter, or nothing: left to the general way.
    private static byte[]? FoldOf(int letter)
    {
        var folded = Encoding.UTF8.GetBytes(TextKey.Fold(((char)letter).ToString()));
        return folded.Length is 1 or 2 ? folded : null;
    }
}
