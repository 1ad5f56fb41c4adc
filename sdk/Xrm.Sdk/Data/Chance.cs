using System.Security.Cryptography;

namespace Xrm.Sdk;

/// <summary>Bytes that nobody can foretell, for ids. They are asked of the system for some hundred ids at once: a call for each was a third of relating the things of a large file.</summary>
internal static class Chance
{
    private const int AtOnce = 2560;

    [ThreadStatic]
    private static byte[]? _bytes;
    /// <summary>How many of them were not given to anybody yet.</summary>
    [ThreadStatic]
    private static int _left;

    /// <summary>Fills a few bytes; any thread.</summary>
    public static void Fill(Span<byte> few)
    {
        var bytes = _bytes ??= new byte[AtOnce];
        if (_left < few.Length)
        {
            RandomNumberGenerator.Fill(bytes);
            _left = bytes.Length;
        }
        _left -= few.Length;
        bytes.AsSpan(_left, few.Length).CopyTo(few);
    }
}
