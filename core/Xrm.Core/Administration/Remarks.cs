using System.Globalization;
using System.Text.Json;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>The words of which remarks are made.</summary>
internal static class Remarks
{
    /// <summary>Several remarks as one; null for none.</summary>
    public static Label? Joined(IEnumerable<Label> remarks)
    {
        var all = remarks.ToArray();
        return all.Length == 0 ? null : Label.Of(string.Join(" ; ", all.Select(r => r.Fr)), string.Join("; ", all.Select(r => r.En)));
    }

    /// <summary>A number of things or of relationships.</summary>
    public static Label Counted(int count, bool ofRelationships) => ofRelationships
        ? Label.Of(count == 1 ? "1 relation" : $"{count} relations", count == 1 ? "1 relationship" : $"{count} relationships")
        : Label.Of(count == 1 ? "1 fiche" : $"{count} fiches", count == 1 ? "1 thing" : $"{count} things");

    /// <summary>Other words for something; nothing when they are the same.</summary>
    public static IEnumerable<Label> Renamed(string fr, string en, Label? was, Label? now)
    {
        if (was == now)
            yield break;
        if (was is null || now is null)
            yield return now is null ? Label.Of($"{fr} : aucun désormais", $"{en}: none any more") : Label.Of($"{fr} : « {now.Fr} »", $"{en}: \"{now.En}\"");
        else
            yield return Label.Of(
                was.Fr != now.Fr ? $"{fr} : « {was.Fr} » devient « {now.Fr} »" : $"{fr} en anglais : « {was.En} » devient « {now.En} »",
                was.En != now.En ? $"{en}: \"{was.En}\" becomes \"{now.En}\"" : $"{en} in French: \"{was.Fr}\" becomes \"{now.Fr}\"");
    }

    /// <summary>Another value of something; nothing when it is the same.</summary>
    /// <param name="none">What stands for no value.</param>
    public static IEnumerable<Label> Changed(string fr, string en, string? was, string? now, Label none)
    {
        if (was != now)
            yield return Label.Of($"{fr} : {was ?? none.Fr} devient {now ?? none.Fr}", $"{en}: {was ?? none.En} becomes {now ?? none.En}");
    }

    /// <summary>Something that holds now and did not, or the other way; nothing when nothing is different.</summary>
    public static IEnumerable<Label> Turned(bool was, bool now, Label on, Label off)
    {
        if (was != now)
            yield return now ? on : off;
    }

    /// <summary>What is to be said when something holds; else nothing.</summary>
    public static IEnumerable<Label> When(bool holds, Label remark) => holds ? [remark] : [];

    /// <summary>Names that came and went.</summary>
    public static IEnumerable<Label> Names(Label added, Label gone, IEnumerable<string> was, IEnumerable<string> now)
    {
        var (before, after) = (was.ToArray(), now.ToArray());
        foreach (var (label, names) in ((Label, string[])[])[(added, [.. after.Except(before)]), (gone, [.. before.Except(after)])])
            if (names.Length > 0)
                yield return Label.Of($"{label.Fr} : {string.Join(", ", names)}", $"{label.En}: {string.Join(", ", names)}");
    }

    /// <summary>A value of a field as a remark shows it; null for none.</summary>
    public static string? Plain(object? value) => value switch
    {
        null => null,
        string text => Short(text),
        bool yes => yes ? "true" : "false",
        decimal number => JsonValue.Text(JsonValue.Write(Shape.Decimal, number)),
        DateOnly day => JsonValue.Text(JsonValue.Write(Shape.Date, day)),
        DateTimeOffset at => JsonValue.Text(JsonValue.Write(Shape.DateTime, at)),
        TimeSpan length => JsonValue.Text(JsonValue.Write(Shape.Duration, length)),
        JsonElement json => Short(json.GetRawText()),
        System.Collections.IEnumerable items => Short(string.Join(", ", items.Cast<object?>().Select(Plain))),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
