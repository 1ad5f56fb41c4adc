using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Xrm.Sdk;

/// <summary>A file that the store keeps, named by the hash of what is in it.</summary>
/// <param name="Hash">SHA-256, 64 hexadecimal digits in lower case.</param>
/// <param name="Name">As people call it, without a folder.</param>
/// <param name="MediaType">As in RFC 6838: <c>application/pdf</c>.</param>
/// <param name="Size">In bytes.</param>
public sealed record FileReference(string Hash, string Name, string MediaType, long Size);

/// <summary>A file; in JSON its reference.</summary>
public sealed partial class FileType : FieldType<FileReference>
{
    /// <inheritdoc/>
    public override string Name => "file";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Json;

    /// <inheritdoc/>
    public override object ToValue(FileReference value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("hash", value.Hash);
            writer.WriteString("name", value.Name);
            writer.WriteString("mediaType", value.MediaType);
            writer.WriteNumber("size", value.Size);
            writer.WriteEndObject();
        }
        return Texts.Json(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <inheritdoc/>
    public override FileReference FromValue(object value)
    {
        var json = (JsonElement)value;
        return new(json.GetProperty("hash").GetString()!, json.GetProperty("name").GetString()!, json.GetProperty("mediaType").GetString()!, json.GetProperty("size").GetInt64());
    }

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var json = (JsonElement)value;
        if (json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty("hash", out var hash) && hash.ValueKind == JsonValueKind.String && Sha256().IsMatch(hash.GetString()!)
            && json.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 and <= 255 } text && !text.Contains('/', StringComparison.Ordinal)
            && json.TryGetProperty("mediaType", out var media) && media.ValueKind == JsonValueKind.String
            && json.TryGetProperty("size", out var size) && size.TryGetInt64(out var bytes) && bytes >= 0)
        {
            fault = null;
            return ToValue(new(hash.GetString()!, text, media.GetString()!, bytes));
        }
        fault = Label.Of("Un fichier s'écrit {hash, name, mediaType, size}, comme l'envoi du fichier le répond.", "A file is written {hash, name, mediaType, size}, as sending the file answers.");
        return value;
    }

    [GeneratedRegex("^[0-9a-f]{64}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Sha256();
}
