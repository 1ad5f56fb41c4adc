using System.Globalization;
using System.Text.Json;

namespace Xrm.Sdk;

/// <summary>A point on Earth in WGS 84 degrees.</summary>
/// <param name="Longitude">East of Greenwich, -180 to 180.</param>
/// <param name="Latitude">North of the equator, -90 to 90.</param>
public readonly record struct GeoPoint(double Longitude, double Latitude);

/// <summary>A point; in JSON <c>{"longitude": 4.6, "latitude": 49.7}</c>.</summary>
public sealed class GeoPointType : FieldType<GeoPoint>
{
    /// <inheritdoc/>
    public override string Name => "geoPoint";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Json;

    /// <inheritdoc/>
    public override object ToValue(GeoPoint value) =>
        Texts.Json(string.Create(CultureInfo.InvariantCulture, $$"""{"longitude":{{value.Longitude:R}},"latitude":{{value.Latitude:R}}}"""));

    /// <inheritdoc/>
    public override GeoPoint FromValue(object value)
    {
        var json = (JsonElement)value;
        return new(json.GetProperty("longitude").GetDouble(), json.GetProperty("latitude").GetDouble());
    }

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var json = (JsonElement)value;
        if (json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty("longitude", out var x) && x.ValueKind == JsonValueKind.Number && x.GetDouble() is >= -180 and <= 180 and var longitude
            && json.TryGetProperty("latitude", out var y) && y.ValueKind == JsonValueKind.Number && y.GetDouble() is >= -90 and <= 90 and var latitude)
        {
            fault = null;
            return ToValue(new(longitude, latitude));
        }
        fault = Label.Of("Un point s'écrit {\"longitude\": 4.6, \"latitude\": 49.7}, en degrés WGS 84.", "A point is written {\"longitude\": 4.6, \"latitude\": 49.7}, in WGS 84 degrees.");
        return value;
    }
}

/// <summary>A line or an area, as a GeoJSON geometry in WGS 84 (RFC 7946).</summary>
public sealed class GeoShapeType : PlainFieldType<JsonElement>
{
    private static readonly string[] Kinds = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"];

    /// <inheritdoc/>
    public override string Name => "geoShape";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Json;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        var json = (JsonElement)value;
        fault = json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && Kinds.Contains(type.GetString())
            && json.TryGetProperty("coordinates", out var coordinates) && coordinates.ValueKind == JsonValueKind.Array
                ? null
                : Label.Of("Une forme s'écrit en GeoJSON : type et coordinates.", "A shape is written in GeoJSON: type and coordinates.");
        return value;
    }
}
