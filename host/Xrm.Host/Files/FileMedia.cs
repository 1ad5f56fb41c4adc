using System.Text.RegularExpressions;

namespace Xrm.Host.Files;

/// <summary>What kind of file a content is, from what it begins with; what its sender says counts only where nothing can come of it.</summary>
/// <param name="Name">As in RFC 6838, without parameters.</param>
/// <param name="IsShown">Whether a browser may show it itself. All else it is told to save.</param>
internal readonly partial record struct FileMedia(string Name, bool IsShown)
{
    /// <summary>How many bytes are looked at.</summary>
    public const int Head = 512;

    /// <summary>Of anything.</summary>
    public const string Unknown = "application/octet-stream";

    private const string Zip = "application/zip";

    /// <summary>The kind of a content.</summary>
    /// <param name="head">Its first bytes, up to <see cref="Head"/>.</param>
    /// <param name="said">The media type that somebody says it has; null = nobody does.</param>
    public static FileMedia Of(ReadOnlySpan<byte> head, string? said)
    {
        if (Shown(head) is { } shown)
            return new(shown, true);
        var type = said?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        var isZip = head.StartsWith("PK\x03\x04"u8);
        if (isZip)
            return new(Packed().IsMatch(type) ? type : Zip, false);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
            return new(OldOffice().IsMatch(type) ? type : Unknown, false);
        // What begins with text may be said to be text: it is saved, not read by the browser.
        return new(Played().IsMatch(type) || Written().IsMatch(type) && !head.Contains((byte)0) ? type : Unknown, false);
    }

    private static string? Shown(ReadOnlySpan<byte> head) =>
        head.StartsWith("%PDF-"u8) ? "application/pdf"
        : head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) ? "image/gif"
        : head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..12].SequenceEqual("WEBP"u8) ? "image/webp"
        : null;

    [GeneratedRegex(@"^application/(vnd\.openxmlformats-officedocument\.[a-z.]+|vnd\.oasis\.opendocument\.[a-z-]+|epub\+zip)\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Packed();

    [GeneratedRegex(@"^application/(msword|vnd\.ms-(excel|powerpoint|outlook))\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OldOffice();

    [GeneratedRegex(@"^((audio|video)/[a-z0-9.+-]{1,60}|image/(tiff|heic|heif|avif))\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Played();

    [GeneratedRegex(@"^(text/(plain|csv|calendar|vcard|markdown)|application/(json|geo\+json|rtf)|message/rfc822)\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Written();
}
