using System.Text;
using System.Text.Json;

namespace Xrm.Sdk;

/// <summary>Any JSON, at most one mebibyte.</summary>
public sealed class JsonType : PlainFieldType<JsonElement>
{
    /// <inheritdoc/>
    public override string Name => "json";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Json;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        fault = Encoding.UTF8.GetByteCount(((JsonElement)value).GetRawText()) <= 1 << 20
            ? null
            : Label.Of("Le JSON dépasse 1 Mio.", "The JSON is over 1 MiB.");
        return value;
    }
}
