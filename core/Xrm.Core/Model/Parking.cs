using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>What is remembered of types and fields that are no longer in force, by the plugin that brought them: their data stay, can be read by whoever exports, checks or erases, and are there again when the plugin is.</summary>
internal static class Parking
{
    /// <summary>What is parked once one model takes the place of another.</summary>
    /// <param name="parked">What was parked before. A type that is in force and has parked fields stands among its plugin's extensions.</param>
    /// <param name="before">The descriptions that were in force.</param>
    /// <param name="now">Those that come into force.</param>
    public static ImmutableArray<ModelDescription> After(ImmutableArray<ModelDescription> parked, ImmutableArray<ModelDescription> before, ImmutableArray<ModelDescription> now)
    {
        var records = now.SelectMany(d => d.EntityTypes.Select(t => t.Name).Concat(d.RelationshipTypes.Select(t => t.Name))).ToHashSet(StringComparer.Ordinal);
        var fields = now.SelectMany(Named).Select(f => f.Where).ToHashSet(StringComparer.Ordinal);
        var kept = ImmutableArray.CreateBuilder<ModelDescription>();
        foreach (var plugin in before.Concat(parked).Select(d => d.Plugin).Distinct())
        {
            // What was in force last says more than what was parked before.
            ModelDescription[] said = [.. before.Concat(parked).Where(d => d.Plugin == plugin)];
            var version = said[0].Version;
            var left = new ModelDescription(plugin)
            {
                EntityTypes = [.. said.SelectMany(d => d.EntityTypes).DistinctBy(t => t.Name).Where(t => !records.Contains(t.Name)).Select(t => t with { Fields = All(said, t.Name) })],
                RelationshipTypes = [.. said.SelectMany(d => d.RelationshipTypes).DistinctBy(t => t.Name).Where(t => !records.Contains(t.Name)).Select(t => t with { Fields = All(said, t.Name) })],
                CodeLists = [.. said.SelectMany(d => d.CodeLists).DistinctBy(l => l.Name).Where(l => now.All(d => d.CodeLists.All(o => o.Name != l.Name)))],
                Version = version,
            };
            var own = left.EntityTypes.Select(t => t.Name).Concat(left.RelationshipTypes.Select(t => t.Name)).ToHashSet(StringComparer.Ordinal);
            left = left with
            {
                Extensions =
                [
                    .. said.SelectMany(Named).DistinctBy(f => f.Where).Where(f => !own.Contains(f.Type) && !fields.Contains(f.Where))
                        .GroupBy(f => f.Type, f => f.Field).Select(g => new ExtensionDescription(g.Key, [.. g])),
                ],
                PersonalData = [.. said.SelectMany(d => d.PersonalData).DistinctBy(p => p.Type).Where(p => own.Contains(p.Type))],
            };
            if (!left.EntityTypes.IsEmpty || !left.RelationshipTypes.IsEmpty || !left.Extensions.IsEmpty)
                // By way of JSON: nothing of a plugin's own types stays behind.
                kept.Add(ModelJson.Parse(ModelJson.ToJson(left)));
        }
        return kept.ToImmutable();
    }

    /// <summary>What is in force and what is parked as one, for whoever must see all data.</summary>
    public static ImmutableArray<ModelDescription> Together(ImmutableArray<ModelDescription> inForce, ImmutableArray<ModelDescription> parked)
    {
        var all = inForce.Concat(parked.Where(p => inForce.All(d => d.Plugin != p.Plugin)).Select(p => new ModelDescription(p.Plugin))).ToList();
        for (var i = 0; i < all.Count; i++)
            if (parked.FirstOrDefault(p => p.Plugin == all[i].Plugin) is { } more)
                all[i] = all[i] with
                {
                    EntityTypes = all[i].EntityTypes.AddRange(more.EntityTypes),
                    RelationshipTypes = all[i].RelationshipTypes.AddRange(more.RelationshipTypes),
                    Extensions = all[i].Extensions.AddRange(more.Extensions),
                    CodeLists = all[i].CodeLists.AddRange(more.CodeLists),
                    PersonalData = all[i].PersonalData.AddRange(more.PersonalData),
                };
        return [.. all];
    }

    private static ImmutableArray<FieldDescription> All(ModelDescription[] said, string type) =>
        [.. said.SelectMany(Named).Where(f => f.Type == type).Select(f => f.Field).DistinctBy(f => f.Name)];

    private static IEnumerable<(string Type, FieldDescription Field, string Where)> Named(ModelDescription description) =>
        description.EntityTypes.SelectMany(t => t.Fields.Select(f => (t.Name, f)))
            .Concat(description.RelationshipTypes.SelectMany(t => t.Fields.Select(f => (t.Name, f))))
            .Concat(description.Extensions.SelectMany(e => e.Fields.Select(f => (e.Type, f))))
            .Where(p => !p.f.IsComputed)
            .Select(p => (p.Item1, p.f, $"{p.Item1}.{p.f.Name}"));
}
