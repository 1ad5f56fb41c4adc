using System.Runtime.InteropServices;
using System.Text.Json;

namespace Xrm.Host.Graph;

/// <summary>Texts that come again and again, such as the documents of a client: they are read from their JSON once, and the same string stands for them from then on. All members may be used from several threads at once.</summary>
internal sealed class KeptTexts
{
    /// <summary>A text whose JSON has more bytes is read anew each time.</summary>
    public const int LargestSize = 8 * 1024;

    /// <summary>A power of two. Two texts of one place drive one another out.</summary>
    private const int Places = 256;

    private readonly Entry?[] _entries = new Entry?[Places];
    private readonly int[] _noted = new int[Places];

    /// <param name="text">A string.</param>
    /// <exception cref="InvalidOperationException">It is no Unicode text.</exception>
    public string Of(JsonElement text)
    {
        var json = JsonMarshal.GetRawUtf8Value(text);
        if (json.Length > LargestSize)
            return text.GetString()!;
        var hasher = new HashCode();
        hasher.AddBytes(json);
        var hash = hasher.ToHashCode();
        ref var place = ref _entries[hash & (Places - 1)];
        if (Volatile.Read(ref place) is { } known && json.SequenceEqual(known.Json))
            return known.Text;
        var read = text.GetString()!;
        // What comes once is not kept.
        ref var noted = ref _noted[hash & (Places - 1)];
        if (noted == hash)
            Volatile.Write(ref place, new(json.ToArray(), read));
        noted = hash;
        return read;
    }

    /// <param name="Json">With its quotes and escapes.</param>
    private sealed record Entry(byte[] Json, string Text);
}
