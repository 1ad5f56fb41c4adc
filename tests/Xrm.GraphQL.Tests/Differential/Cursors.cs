using System.Text.Json;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>Which place each cursor stands for: learnt where both answers tell one at the same place, held to it ever after.</summary>
internal sealed class Cursors
{
    private readonly Dictionary<string, PlainPlace> _places = [];
    private readonly Dictionary<string, string> _known = [];
    private readonly HashSet<string> _learnt = [];

    public PlainPlace? PlaceOf(string cursor) => _known.TryGetValue(cursor, out var text) ? _places[text] : null;

    /// <summary>What stands for a place in the plain answer.</summary>
    public string? Told(PlainPlace? place)
    {
        if (place is not null)
            _places[place.Text] = place;
        return place?.Text;
    }

    /// <summary>A cursor as the place that it stands for; any other text as it is.</summary>
    public string Plain(string text) => _known.GetValueOrDefault(text, text);

    /// <summary>Goes through both answers, as far as they are alike. A place has one cursor, and a cursor one place.</summary>
    public void Learn(JsonElement ours, JsonElement plain)
    {
        if (ours.ValueKind != plain.ValueKind)
            return;
        switch (ours.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var (left, right) in ours.EnumerateObject().Zip(plain.EnumerateObject()))
                    Learn(left.Value, right.Value);
                break;
            case JsonValueKind.Array:
                foreach (var (left, right) in ours.EnumerateArray().Zip(plain.EnumerateArray()))
                    Learn(left, right);
                break;
            case JsonValueKind.String when plain.GetString()!.StartsWith(PlainPlace.Mark, StringComparison.Ordinal):
                if (!_known.ContainsKey(ours.GetString()!) && _learnt.Add(plain.GetString()!))
                    _known[ours.GetString()!] = plain.GetString()!;
                break;
        }
    }
}
