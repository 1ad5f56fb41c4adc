using System.Collections.Immutable;
using System.Text.Json;

namespace Xrm.Core.Model;

/// <summary>What a model was changed for, kept with it in the log: what history tells of it.</summary>
/// <param name="Action">A lower case word: <c>install</c>, <c>update</c>, <c>disable</c>, <c>enable</c>, <c>remove</c>, <c>restore</c>, <c>start</c>, <c>addField</c>, <c>relabelField</c>, <c>retireField</c>.</param>
/// <param name="Subject">What it was done to: a plugin's id, or <c>Person.x_badge</c>; null when it was none in particular.</param>
/// <param name="Version">The plugin's version afterwards; null when there is none.</param>
internal sealed record ModelNote(string Action, string? Subject = null, string? Version = null)
{
    /// <summary>What is different, filled in when it is recorded.</summary>
    public ModelDifference Difference { get; init; } = new([], [], []);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("action", Action);
        if (Subject is not null)
            json.WriteString("subject", Subject);
        if (Version is not null)
            json.WriteString("version", Version);
        Names("added", Difference.Added);
        Names("parked", Difference.Removed);
        Names("changed", Difference.Changed);
        json.WriteEndObject();

        void Names(string name, ImmutableArray<string> names)
        {
            json.WriteStartArray(name);
            foreach (var one in names)
                json.WriteStringValue(one);
            json.WriteEndArray();
        }
    }
}
