using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.Staff.Fields;

/// <summary>Files, by their reference.</summary>
internal sealed class FileKind() : FieldKind<FileView, FileInput>("file")
{
    private static readonly FileType Type = new();
    private static readonly Label[] Units = [Label.Of("octets", "bytes"), Label.Of("Ko", "kB"), Label.Of("Mo", "MB"), Label.Of("Go", "GB")];

    public override string Show(FieldScope scope, object value)
    {
        var file = Type.FromValue(value);
        var (size, unit) = ((decimal)file.Size, 0);
        for (; size >= 1000 && unit < Units.Length - 1; unit++)
            size /= 1000;
        return $"{file.Name} ({scope.Language.Number(Math.Round(size, unit == 0 ? 0 : 1))} {scope.Language[Units[unit]]})";
    }

    public override string Write(FieldScope scope, object value) => ((JsonElement)value).GetRawText();

    public override object? Read(FieldScope scope, string text, out Label? fault) => JsonKind.Parse(text, out fault);
}
