using System.Globalization;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Xrm.Host.Files;

/// <summary>What a file is called.</summary>
internal static class FileName
{
    /// <summary>In UTF-16 units.</summary>
    public const int Longest = 255;

    /// <summary>The name that a request gives to what it sends, in the address (<c>?name=</c>) or in Content-Disposition, without folders and without what cannot be seen; empty when it gives none.</summary>
    public static string Of(HttpRequest request)
    {
        var said = request.Query["name"].ToString();
        if (said.Length == 0 && ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition))
            said = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        return Plain(said);
    }

    /// <summary>The header under which a browser saves or shows it.</summary>
    public static string Disposition(string name, bool isShown)
    {
        var header = new ContentDispositionHeaderValue(isShown ? "inline" : "attachment");
        header.SetHttpFileName(name);
        return header.ToString();
    }

    private static string Plain(string said)
    {
        var plain = new StringBuilder(said.Length);
        foreach (var rune in said[(said.LastIndexOfAny(['/', '\\']) + 1)..].EnumerateRunes())
            // Marks of direction would let "exe.pdf" be read where "fdp.exe" stands.
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) && rune.Value is not (>= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0x200E or 0x200F))
                plain.Append(rune.ToString());
        var name = plain.ToString().Trim();
        return name is "." or ".." ? "" : name;
    }
}
