using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xrm.Sdk;

namespace Xrm.Staff.Fields;

/// <summary>Points: latitude, then longitude, as maps write them.</summary>
internal sealed partial class GeoPointKind() : FieldKind<GeoPointView, GeoPointInput>("geoPoint")
{
    private static readonly GeoPointType Type = new();

    public override string Write(FieldScope scope, object value)
    {
        var point = Type.FromValue(value);
        return scope.Language.IsFrench
            ? $"{Degrees(point.Latitude).Replace('.', ',')} ; {Degrees(point.Longitude).Replace('.', ',')}"
            : $"{Degrees(point.Latitude)}, {Degrees(point.Longitude)}";
    }

    public override object? Read(FieldScope scope, string text, out Label? fault)
    {
        if (Pair().Match(text) is { Success: true } pair)
        {
            fault = null;
            return Type.ToValue(new GeoPoint(Of("longitude"), Of("latitude")));

            double Of(string name) => double.Parse(pair.Groups[name].Value.Replace(',', '.').Replace('−', '-'), CultureInfo.InvariantCulture);
        }
        fault = Label.Of($"« {text.Trim()} » n'est pas un point : latitude ; longitude, comme 49,7623 ; 4,7264.", $"\"{text.Trim()}\" is not a point: latitude, longitude, such as 49.7623, 4.7264.");
        return null;
    }

    private static string Degrees(double degrees) => degrees.ToString("0.##########", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?<latitude>[-−]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*(?:;|,|\s)\s*(?<longitude>[-−]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pair();
}
