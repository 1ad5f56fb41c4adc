using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>What is remembered of types and fields that are no longer in force, by the plugin that brought them: their data stay, can be read by whoever exports, checks or erases, and are there again when the plugin is.</summary>
internal static class Parking
{
    /// <summary>What is parked once one model takes the place of another.</summary>
    /// <param name="parked">What was parked before. A type that is in force and has parked fields stands among its plugin's extensions; a relationship type that is in force and no longer reaches some types stands there with those alone.</param>
    /// <param name="before">The descriptions that were in force.</param>
    /// <param name="now">Those that come into force.</param>
    public static ImmutableArray<ModelDescription> After(ImmutableArray<ModelDescription> parked, ImmutableArray<ModelDescription> before, ImmutableArray<ModelDescription> now)
    {
        var inForce = new InForce(now);
        var kept = ImmutableArray.CreateBuilder<ModelDescription>();
        foreach (var plugin in before.Concat(parked).Select(d => d.Plugin).Distinct())
            // What was in force last says more than what was parked before.
            if (Left(plugin, [.. before.Concat(parked).Where(d => d.Plugin == plugin)], inForce) is { } left)
                // By way of JSON: nothing of a plugin's own types stays behind.
                kept.Add(ModelJson.Parse(ModelJson.ToJson(left)));
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
                    RelationshipTypes = Together(all[i].RelationshipTypes, more.RelationshipTypes),
                    Extensions = all[i].Extensions.AddRange(more.Extensions),
                    CodeLists = all[i].CodeLists.AddRange(more.CodeLists),
                    PersonalData = all[i].PersonalData.AddRange(more.PersonalData),
                };
        return [.. all];
    }

    /// <summary>What of a plugin is no longer in force; null when nothing is.</summary>
    private static ModelDescription? Left(string plugin, ModelDescription[] said, InForce now)
    {
        ImmutableArray<EntityTypeDescription> types = [.. said.SelectMany(d => d.EntityTypes).DistinctBy(t => t.Name).Where(t => !now.Records.Contains(t.Name)).Select(t => t with { Fields = All(said, t.Name) })];
        ImmutableArray<RelationshipTypeDescription> relationships =
        [
            .. said.SelectMany(d => d.RelationshipTypes).GroupBy(t => t.Name)
                .Select(g => Left(g.First() with { Fields = All(said, g.Key), Source = Joined([.. g.Select(t => t.Source)]), Target = Joined([.. g.Select(t => t.Target)]) }, now))
                .OfType<RelationshipTypeDescription>(),
        ];
        var own = types.Select(t => t.Name).Concat(relationships.Select(t => t.Name).Where(n => !now.Records.Contains(n))).ToHashSet(StringComparer.Ordinal);
        var left = new ModelDescription(plugin)
        {
            EntityTypes = types,
            RelationshipTypes = relationships,
            Extensions =
            [
                .. said.SelectMany(Named).DistinctBy(f => f.Where).Where(f => !own.Contains(f.Type) && !now.Fields.Contains(f.Where))
                    .GroupBy(f => f.Type, f => f.Field).Select(g => new ExtensionDescription(g.Key, [.. g])),
            ],
            PersonalData = [.. said.SelectMany(d => d.PersonalData).DistinctBy(p => (p.Type, p.Subject)).Where(p => IsLeft(p, relationships, now))],
            Version = said[0].Version,
        };
        if (left.EntityTypes.IsEmpty && left.RelationshipTypes.IsEmpty && left.Extensions.IsEmpty && left.PersonalData.IsEmpty)
            return null;
        return left with { CodeLists = [.. said.SelectMany(d => d.CodeLists).DistinctBy(l => l.Name).Where(l => !now.CodeLists.Contains(l.Name))] };
    }

    /// <summary>Of a type that is no longer there all of it; of one that is, the types that it no longer reaches; null when it reaches all.</summary>
    private static RelationshipTypeDescription? Left(RelationshipTypeDescription said, InForce now)
    {
        if (!now.Relationships.TryGetValue(said.Name, out var there))
            return now.Records.Contains(said.Name) ? null : said;
        ImmutableArray<string> sources = [.. said.Source.Types.Except(there.Source.Types)];
        ImmutableArray<string> targets = [.. said.Target.Types.Except(there.Target.Types)];
        return sources.IsEmpty && targets.IsEmpty ? null : there with { Source = there.Source with { Types = sources }, Target = there.Target with { Types = targets }, Fields = [] };
    }

    /// <summary>Whether what is told of data about persons is told by nobody now, though the data are there: of a type that is parked, or through a relationship that is.</summary>
    private static bool IsLeft(PersonalDataDescription data, ImmutableArray<RelationshipTypeDescription> relationships, InForce now) =>
        !now.Records.Contains(data.Type)
        || data.Subject is { } subject && relationships.Any(r => r.Source.Name == subject && r.Source.Types.Contains(data.Type) || r.Target.Name == subject && r.Target.Types.Contains(data.Type));

    private static EndDescription Joined(EndDescription[] said) => said[0] with { Types = [.. said.SelectMany(e => e.Types).Distinct()] };

    private static ImmutableArray<RelationshipTypeDescription> Together(ImmutableArray<RelationshipTypeDescription> inForce, ImmutableArray<RelationshipTypeDescription> parked) =>
    [
        .. inForce.Select(t => parked.FirstOrDefault(p => p.Name == t.Name) is { } more ? t with { Source = Joined([t.Source, more.Source]), Target = Joined([t.Target, more.Target]) } : t),
        .. parked.Where(p => inForce.All(t => t.Name != p.Name)),
    ];

    private static ImmutableArray<FieldDescription> All(ModelDescription[] said, string type) =>
        [.. said.SelectMany(Named).Where(f => f.Type == type).Select(f => f.Field).DistinctBy(f => f.Name)];

    private static IEnumerable<(string Type, FieldDescription Field, string Where)> Named(ModelDescription description) =>
        description.EntityTypes.SelectMany(t => t.Fields.Select(f => (t.Name, f)))
            .Concat(description.RelationshipTypes.SelectMany(t => t.Fields.Select(f => (t.Name, f))))
            .Concat(description.Extensions.SelectMany(e => e.Fields.Select(f => (e.Type, f))))
            .Where(p => !p.f.IsComputed)
            .Select(p => (p.Item1, p.f, $"{p.Item1}.{p.f.Name}"));

    /// <summary>The names of what comes into force.</summary>
    private sealed class InForce(ImmutableArray<ModelDescription> now)
    {
        public HashSet<string> Records { get; } = now.SelectMany(d => d.EntityTypes.Select(t => t.Name).Concat(d.RelationshipTypes.Select(t => t.Name))).ToHashSet(StringComparer.Ordinal);
        public HashSet<string> Fields { get; } = now.SelectMany(Named).Select(f => f.Where).ToHashSet(StringComparer.Ordinal);
        public HashSet<string> CodeLists { get; } = now.SelectMany(d => d.CodeLists).Select(l => l.Name).ToHashSet(StringComparer.Ordinal);
        public Dictionary<string, RelationshipTypeDescription> Relationships { get; } = now.SelectMany(d => d.RelationshipTypes).DistinctBy(t => t.Name).ToDictionary(t => t.Name, StringComparer.Ordinal);
    }
}
