using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Search;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Answers queries of the sdk through a reader: one step for the list, and one for each relationship brought along and level.</summary>
/// <param name="computes">Whether computed fields have values: one call of a plugin for each field and level. One that gives none leaves its field without value.</param>
internal sealed class QueryRunner(Reader reader, bool computes)
{
    public async ValueTask<Entity?> Find(EntityType type, EntityId id, CancellationToken cancellation)
    {
        var rows = await reader.Read(new ReadStep.ById([id.Value]) { Views = [TypeView.Of(Type(type.Name))] }, cancellation);
        if (rows.Items.Length == 0)
            return null;
        var computed = await Computed(rows.Items, cancellation);
        return EntityMaker.Make(reader, rows.Items[0], null, computed?.GetValueOrDefault(id.Value));
    }

    /// <exception cref="Problem">Invalid: every name that the model does not have and every value of the wrong kind.</exception>
    public async ValueTask<Page> Query(Query query, CancellationToken cancellation)
    {
        var type = Type(query.Type);
        var faults = new List<Fault>();
        if (query.During is not null && !type.IsDated)
            faults.Add(Fault("during", $"{type.Name} n'a pas de dates.", $"{type.Name} has no dates."));
        if (query.Limit < 0)
            faults.Add(Fault("limit", "La limite ne peut être négative.", "The limit cannot be negative."));
        var where = reader.TryBind(query.Filter, type, query.During, faults);
        var orders = query.Orders.Select(o => type.ByName.TryGetValue(o.Field, out var field) && field is { IsMany: false, Description.IsComputed: false } && field.Shape != Shape.Json ? new Sort(field, o.Descending) : NotSorted(o)).ToArray();
        var search = query.SearchedFor is null ? null : SearchText.Of(query.SearchedFor);
        if (search is { IsEmpty: true } or { Count: > SearchText.MostWords })
            faults.Add(Fault("searchedFor", $"On cherche de un à {SearchText.MostWords} mots.", $"A search is for one to {SearchText.MostWords} words."));
        CheckIncludes(query.Includes, [type], faults);
        if (faults.Count > 0)
            throw new Problem(faults);
        var rows = await reader.Read(new ReadStep.List
        {
            Views = [TypeView.Of(type) with { Where = where }],
            During = query.During,
            Search = search is null ? null : Searched.In(search, [type]),
            Selection = new Selection { Order = [.. orders.OfType<Sort>()], First = query.Limit },
        }, cancellation);
        return new Page(await Entities(rows.Items, query.Includes, cancellation), rows.HasNext.Length > 0 && rows.HasNext[0]);

        Sort? NotSorted(Order order)
        {
            faults.Add(Fault(order.Field, $"{type.Name} ne se trie pas par {order.Field}.", $"{type.Name} cannot be sorted by {order.Field}."));
            return null;
        }
    }

    private async ValueTask<ImmutableArray<Entity>> Entities(IReadOnlyList<Row> rows, ImmutableArray<Include> includes, CancellationToken cancellation)
    {
        var related = new Dictionary<Guid, ImmutableDictionary<string, ImmutableArray<Relationship>>>();
        foreach (var include in includes)
            foreach (var group in rows.Select(r => r.Entity).GroupBy(e => reader.Model.ByOrdinal[e.TypeOrdinal]))
                if (group.Key is ModelType type && type.EndsByName.TryGetValue(include.End, out var end))
                    await Relate(end, [.. group.Select(e => e.Id).Distinct()], include, related, cancellation);
        var computed = await Computed(rows, cancellation);
        return [.. rows.Select(r => EntityMaker.Make(reader, r, related.GetValueOrDefault(r.Entity.Id), computed?.GetValueOrDefault(r.Entity.Id)))];
    }

    /// <summary>What plugins compute for the things of some rows; null when nothing is computed.</summary>
    private async ValueTask<Dictionary<Guid, List<(ModelField, object)>>?> Computed(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        if (!computes || !reader.Model.Computes)
            return null;
        var computed = new Dictionary<Guid, List<(ModelField, object)>>();
        foreach (var group in rows.DistinctBy(r => r.Entity.Id).GroupBy(r => reader.Model.ByOrdinal[r.Entity.TypeOrdinal]))
            foreach (var field in group.Key.Fields.Where(f => f.Description.IsComputed))
            {
                Row[] things = [.. group];
                // Another plugin may be waiting for the answer with a limit of its own, which must not pass first.
                var (values, _) = await ComputedFields.Of(reader, field, things, reader.Options.HookTime / 2, cancellation);
                for (var i = 0; i < things.Length; i++)
                    if (values[i] is { } value)
                        if (computed.TryGetValue(things[i].Entity.Id, out var own))
                            own.Add((field, value));
                        else
                            computed.Add(things[i].Entity.Id, [(field, value)]);
            }
        return computed;
    }

    private async ValueTask Relate(ModelEnd end, ImmutableArray<Guid> from, Include include, Dictionary<Guid, ImmutableDictionary<string, ImmutableArray<Relationship>>> related, CancellationToken cancellation)
    {
        var today = reader.Today < DateOnly.MaxValue ? new Period(reader.Today, reader.Today.AddDays(1)) : new Period(reader.Today, null);
        var rows = await reader.Read(new ReadStep.Related(end, from)
        {
            Views = [.. end.Far.Select(TypeView.Of)],
            During = include.During ?? today,
            DatesNodes = !end.IsToOne,
        }, cancellation);
        var others = await Entities(rows.Items, include.With, cancellation);
        for (var i = 0; i < from.Length; i++)
        {
            var links = ImmutableArray.CreateBuilder<Relationship>();
            for (var at = rows.Starts[i]; at < rows.Starts[i + 1]; at++)
                links.Add(EntityMaker.Make(reader, rows.Items[at], end.Relationship, others[at]));
            related[from[i]] = (related.GetValueOrDefault(from[i]) ?? ImmutableDictionary<string, ImmutableArray<Relationship>>.Empty).SetItem(end.Name, links.ToImmutable());
        }
    }

    private static void CheckIncludes(ImmutableArray<Include> includes, ImmutableArray<ModelType> types, List<Fault> faults)
    {
        foreach (var include in includes)
        {
            var ends = types.Select(t => t.EndsByName.GetValueOrDefault(include.End)).OfType<ModelEnd>().Distinct().ToArray();
            if (ends.Length == 0)
                faults.Add(Fault(include.End, $"{string.Join(", ", types.Select(t => t.Name))} n'a pas de relation {include.End}.", $"{string.Join(", ", types.Select(t => t.Name))} has no relationship {include.End}."));
            else
                CheckIncludes(include.With, [.. ends.SelectMany(e => e.Far).Distinct()], faults);
        }
    }

    private ModelType Type(string name) => reader.Model.Type(name) ?? throw new Problem(Fault(name, $"Le type de fiche {name} n'existe pas.", $"There is no entity type {name}."));

    private static Fault Fault(string field, string fr, string en) => new(ProblemCode.Invalid, Label.Of(fr, en), field, "unknown");
}
