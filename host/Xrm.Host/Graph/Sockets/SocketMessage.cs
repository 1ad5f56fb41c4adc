using System.Text.Json;

namespace Xrm.Host.Graph.Sockets;

/// <summary>A message of a client by graphql-transport-ws.</summary>
/// <param name="Id">Of subscribe and complete; otherwise empty.</param>
/// <param name="Payload">Undefined when there is none.</param>
internal sealed record SocketMessage(string Type, string Id, JsonElement Payload)
{
    /// <summary>Reads one; null when it is none of the protocol's.</summary>
    public static SocketMessage? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var root = json.RootElement.Clone();
            UnicodeText.Check(root);
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
                return null;
            var (name, id) = (type.GetString()!, root.TryGetProperty("id", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "");
            var payload = root.TryGetProperty("payload", out var held) && held.ValueKind != JsonValueKind.Null ? held : default;
            var isWhole = name switch
            {
                "connection_init" or "ping" or "pong" => payload.ValueKind is JsonValueKind.Undefined or JsonValueKind.Object,
                "subscribe" => id.Length > 0 && payload.ValueKind == JsonValueKind.Object,
                "complete" => id.Length > 0,
                _ => false,
            };
            return isWhole ? new(name, id, payload) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The authorization in the payload of connection_init; null when there is none.</summary>
    public string? Authorization => Payload.ValueKind != JsonValueKind.Object ? null : Payload.EnumerateObject()
        .FirstOrDefault(p => p.Name.Equals("authorization", StringComparison.OrdinalIgnoreCase) && p.Value.ValueKind == JsonValueKind.String)
        is { Value.ValueKind: JsonValueKind.String } found ? found.Value.GetString() : null;
}
