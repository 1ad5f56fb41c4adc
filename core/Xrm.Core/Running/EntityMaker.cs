using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Makes what plugins see out of rows.</summary>
internal static class EntityMaker
{
    /// <summary>The thing of a row, as the reader may see it.</summary>
    /// <param name="computed">Values of computed fields; null for none.</param>
    public static Entity Make(Reader reader, Row row, ImmutableDictionary<string, ImmutableArray<Relationship>>? related = null, IReadOnlyList<(ModelField Field, object Value)>? computed = null)
    {
        var entity = row.Entity;
        var type = reader.Model.ByOrdinal[entity.TypeOrdinal];
        var values = ShapeValues.Read(type, entity.Fields, field => !field.Description.IsComputed && reader.Sees(field, row));
        foreach (var (field, value) in computed ?? [])
            values = values.With(field.Name, value);
        return new Entity(type.Name, new EntityId(entity.Id), entity.Version, entity.CreatedAt, entity.UpdatedAt, entity.Period, reader.DisplayName(row),
            values, related ?? ImmutableDictionary<string, ImmutableArray<Relationship>>.Empty);
    }

    /// <summary>The relationship of a row, as the reader may see it.</summary>
    public static Relationship Make(Reader reader, Row row, ModelRelationship type, Entity? other)
    {
        var link = row.Link;
        return new Relationship(type.Name, new EntityId(link.Id), link.Version, new EntityId(link.Source), new EntityId(link.Target), link.Period,
            ShapeValues.Read(type, link.Fields, field => reader.Sees(field, row))) { Other = other };
    }
}
