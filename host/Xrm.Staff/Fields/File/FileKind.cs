using System.Text.Json;
using Xrm.Sdk;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Fields;

/// <summary>Files, by their reference. What stands in a form is the reference's JSON, or that a file is on its way.</summary>
internal sealed class FileKind() : FieldKind<FileView, FileInput>("file")
{
    private const char OnItsWay = '…';

    private static readonly FileType Type = new();
    private static readonly Label[] Units = [Label.Of("octets", "bytes"), Label.Of("Ko", "kB"), Label.Of("Mo", "MB"), Label.Of("Go", "GB")];
    private static readonly Label Text = Label.Of("texte", "text"), Sheet = Label.Of("tableur", "spreadsheet"), Slides = Label.Of("présentation", "presentation"), Document = Label.Of("document", "document"),
        Image = Label.Of("image", "image"), Sound = Label.Of("son", "sound"), Video = Label.Of("vidéo", "video"), Packed = Label.Of("archive", "archive");

    /// <summary>What stands in a form while a file is sent: nothing that could be saved.</summary>
    public static string Sending(string name) => OnItsWay + name;

    /// <summary>The name of the file that was on its way; null when none was.</summary>
    public static string? NameOnItsWay(string text) => text.StartsWith(OnItsWay) ? text[1..] : null;

    /// <summary>The reference that stands in a form; null when none does.</summary>
    public static FileReference? Reference(string text) =>
        text.Length > 0 && NameOnItsWay(text) is null && JsonKind.Parse(text, out _) is JsonElement json && Type.Check(json, out var fault) is { } kept && fault is null ? Type.FromValue(kept) : null;

    public static FileReference Reference(object value) => Type.FromValue(value);

    public static string Write(FileReference reference) => ((JsonElement)Type.ToValue(reference)).GetRawText();

    /// <summary>How much that is: 1,2 Mo.</summary>
    public static string Size(Language language, long bytes)
    {
        var (size, unit) = ((decimal)bytes, 0);
        for (; size >= 1000 && unit < Units.Length - 1; unit++)
            size /= 1000;
        return $"{language.Number(Math.Round(size, unit == 0 ? 0 : 1))}\u00A0{language[Units[unit]]}";
    }

    /// <summary>Of which kind it is, and how large: PDF, 1,2 Mo.</summary>
    public static string Told(Language language, FileReference file) => $"{(KindOf(file.MediaType) is { } kind ? language[kind] + ", " : "")}{Size(language, file.Size)}";

    public override string Show(FieldScope scope, object value) => Type.FromValue(value) is var file ? $"{file.Name} ({Told(scope.Language, file)})" : "";

    public override string Write(FieldScope scope, object value) => ((JsonElement)value).GetRawText();

    public override object? Read(FieldScope scope, string text, out Label? fault)
    {
        if (NameOnItsWay(text) is not { } name)
            return JsonKind.Parse(text, out fault);
        fault = Label.Of($"« {name} » n'est pas encore envoyé en entier.", $"\"{name}\" is not sent whole yet.");
        return null;
    }

    private static Label? KindOf(string mediaType) => mediaType switch
    {
        "application/pdf" => Label.Of("PDF", "PDF"),
        "application/zip" => Packed,
        "application/msword" or "application/rtf" => Document,
        "application/vnd.ms-excel" or "text/csv" => Sheet,
        "application/vnd.ms-powerpoint" => Slides,
        _ when mediaType.EndsWith("wordprocessingml.document", StringComparison.Ordinal) || mediaType.EndsWith("opendocument.text", StringComparison.Ordinal) => Document,
        _ when mediaType.EndsWith("sheet", StringComparison.Ordinal) => Sheet,
        _ when mediaType.EndsWith("presentation", StringComparison.Ordinal) => Slides,
        _ => mediaType.Split('/')[0] switch { "image" => Image, "audio" => Sound, "video" => Video, "text" => Text, _ => null },
    };
}
