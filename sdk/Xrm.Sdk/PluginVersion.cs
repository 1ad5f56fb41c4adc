using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Xrm.Sdk;

/// <summary>A version as in Semantic Versioning 2.0: three numbers, and after a hyphen what comes before the release. Build data after a plus is dropped.</summary>
/// <param name="Major">Greater when something stops working.</param>
/// <param name="Minor">Greater when something is added; with <paramref name="Major"/> 0, when something stops working.</param>
/// <param name="Patch">Greater when something is mended.</param>
/// <param name="Prerelease">Identifiers parted by points (<c>beta.2</c>); empty for a release.</param>
public readonly record struct PluginVersion(int Major, int Minor, int Patch, string Prerelease = "") : IComparable<PluginVersion>
{
    /// <summary>The first version that may no longer do what this one does: 0.1.2 answers 0.2.0, 3.4.5 answers 4.0.0.</summary>
    public PluginVersion NextBreaking => Major == 0 ? new(0, Minor + 1, 0) : new(Major + 1, 0, 0);

    /// <summary>This version without what comes before the release.</summary>
    public PluginVersion Release => new(Major, Minor, Patch);

    /// <summary>Reads <c>1.2.3</c>, <c>1.2.3-beta.2</c>; anything else answers false.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PluginVersion version)
    {
        version = default;
        if (text is null || text.Length > 64)
            return false;
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        var whole = plus < 0 ? text : text[..plus];
        var hyphen = whole.IndexOf('-', StringComparison.Ordinal);
        var numbers = (hyphen < 0 ? whole : whole[..hyphen]).Split('.');
        var prerelease = hyphen < 0 ? "" : whole[(hyphen + 1)..];
        if (numbers.Length != 3 || !TryNumber(numbers[0], out var major) || !TryNumber(numbers[1], out var minor) || !TryNumber(numbers[2], out var patch))
            return false;
        if (hyphen >= 0 && !prerelease.Split('.').All(IsIdentifier))
            return false;
        version = new(major, minor, patch, prerelease);
        return true;
    }

    /// <summary>Reads <c>1.2.3</c>, <c>1.2.3-beta.2</c>.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static PluginVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw new FormatException($"\"{text}\" is not a version (1.2.3).");

    /// <inheritdoc/>
    public int CompareTo(PluginVersion other)
    {
        var order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (order != 0)
            return order;
        var (mine, theirs) = (Prerelease ?? "", other.Prerelease ?? "");
        if (mine.Length == 0 || theirs.Length == 0)
            return theirs.Length.CompareTo(mine.Length);
        var (left, right) = (mine.Split('.'), theirs.Split('.'));
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            order = CompareIdentifiers(left[i], right[i]);
            if (order != 0)
                return order;
        }
        return left.Length.CompareTo(right.Length);
    }

    /// <summary>Whether the first came before the second.</summary>
    public static bool operator <(PluginVersion left, PluginVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether the first came after the second.</summary>
    public static bool operator >(PluginVersion left, PluginVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether the first came before the second or is it.</summary>
    public static bool operator <=(PluginVersion left, PluginVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the first came after the second or is it.</summary>
    public static bool operator >=(PluginVersion left, PluginVersion right) => left.CompareTo(right) >= 0;

    /// <summary><c>1.2.3</c>, <c>1.2.3-beta.2</c>.</summary>
    public override string ToString()
    {
        var release = string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");
        return string.IsNullOrEmpty(Prerelease) ? release : release + "-" + Prerelease;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && (text.Length == 1 || text[0] != '0');

    private static bool IsIdentifier(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && (!text.All(char.IsAsciiDigit) || text.Length == 1 || text[0] != '0');

    // Numbers compare as numbers and come before words.
    private static int CompareIdentifiers(string left, string right)
    {
        var (leftIsNumber, rightIsNumber) = (left.All(char.IsAsciiDigit), right.All(char.IsAsciiDigit));
        if (leftIsNumber && rightIsNumber)
            return left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);
        return leftIsNumber != rightIsNumber ? (leftIsNumber ? -1 : 1) : string.CompareOrdinal(left, right);
    }
}

/// <summary>Versions from one (inclusive) up to another (exclusive). A pre-release of the upper one is not in it.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The first that is too new; null = none is.</param>
public sealed record PluginVersionRange(PluginVersion From, PluginVersion? To)
{
    /// <summary>From a version up to the first that may no longer do the same.</summary>
    public static PluginVersionRange CompatibleWith(PluginVersion version) => new(version, version.NextBreaking);

    /// <summary>Whether a version is in the range.</summary>
    public bool Contains(PluginVersion version) => version >= From && (To is not { } to || version.Release < to.Release);

    /// <summary>Reads <c>[1.2.0,2.0.0)</c> or <c>[1.2.0,)</c>; anything else answers false.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PluginVersionRange? range)
    {
        range = null;
        if (text is not ['[', .. var inner, ')'] || inner.Split(',') is not [var first, var last] || !PluginVersion.TryParse(first.Trim(), out var from))
            return false;
        if (string.IsNullOrWhiteSpace(last))
        {
            range = new(from, null);
            return true;
        }
        if (!PluginVersion.TryParse(last.Trim(), out var to) || to <= from)
            return false;
        range = new(from, to);
        return true;
    }

    /// <summary><c>[1.2.0,2.0.0)</c>, <c>[1.2.0,)</c>.</summary>
    public override string ToString() => $"[{From},{To})";
}
