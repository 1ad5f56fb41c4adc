using System.Runtime.InteropServices;
using System.Text.Json;

namespace Xrm.Host.Graph;

/// <summary>Finds texts in JSON that are no Unicode text: half of a surrogate pair, which JSON can write down and UTF-8 cannot.</summary>
internal static class UnicodeText
{
    /// <exception cref="InvalidOperationException">A name or a value anywhere in it is none.</exception>
    public static void Check(JsonElement json)
    {
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) || JsonMarshal.GetRawUtf8Value(json).IndexOf("\\u"u8) < 0)
            return;
        Walk(json);
    }

    private static void Walk(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject())
                {
                    _ = property.Name;
                    Walk(property.Value);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                    Walk(item);
                break;
            case JsonValueKind.String:
                _ = json.GetString();
                break;
        }
    }
}
