using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.Staff.Fields;

/// <summary>Lines and areas, as GeoJSON.</summary>
internal sealed class GeoShapeKind() : FieldKind<GeoShapeView, GeoShapeInput>("geoShape")
{
    public override string Show(FieldScope scope, object value) => ((JsonElement)value).GetProperty("type").GetString() switch
    {
        "Point" or "MultiPoint" => scope.Language[Label.Of("Points", "Points")],
        "LineString" or "MultiLineString" => scope.Language[Label.Of("Tracé", "Line")],
        _ => scope.Language[Label.Of("Surface", "Area")],
    };

    public override string Write(FieldScope scope, object value) => JsonKind.Spread((JsonElement)value);

    public override object? Read(FieldScope scope, string text, out Label? fault) => JsonKind.Parse(text, out fault);
}
