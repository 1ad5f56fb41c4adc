using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Sdk;
using Xrm.Staff.Door;

namespace Xrm.Staff.Shell;

/// <summary>The things looked at last by who is signed in, kept on this machine.</summary>
internal sealed class Recents(Session session)
{
    private const int Most = 8;

    private string Name => "recents:" + session.Me.Id;

    /// <summary>The newest first.</summary>
    public ImmutableArray<Hit> All()
    {
        if (Browser.Kept(Name) is not { } kept)
            return [];
        try
        {
            using var json = JsonDocument.Parse(kept);
            return [.. json.RootElement.EnumerateArray().Select(h => new Hit(h.GetProperty("type").GetString()!, EntityId.Parse(h.GetProperty("id").GetString()!), h.GetProperty("name").GetString()!)).Where(h => session.Model.ByName.ContainsKey(h.Type))];
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Notes that a thing was looked at.</summary>
    public void Add(Hit hit)
    {
        var all = All().RemoveAll(h => h.Id == hit.Id).Insert(0, hit);
        Browser.Keep(Name, new JsonArray([.. all.Take(Most).Select(h => (JsonNode)new JsonObject { ["type"] = h.Type, ["id"] = h.Id.ToString(), ["name"] = h.DisplayName })]).ToJsonString());
    }
}
