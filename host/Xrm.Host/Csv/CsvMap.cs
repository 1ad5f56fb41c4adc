using System.Collections.Immutable;
using Xrm.Core.Model;

namespace Xrm.Host.Csv;

/// <summary>Which column of a file goes where, for one entity or relationship type. Written by hand as JSON; host/README.md tells how.</summary>
internal sealed record CsvMap
{
    public required RecordType Type { get; init; }
    /// <summary>Null = detected.</summary>
    public char? Separator { get; init; }
    /// <summary>Null = detected.</summary>
    public string? Encoding { get; init; }
    /// <summary>Where the row's own id is; null = ids are made.</summary>
    public CsvColumn? Id { get; init; }
    /// <summary>The key by which a thing that is there is found; null = by id only.</summary>
    public ModelKey? Match { get; init; }
    public ImmutableArray<(ModelField Field, CsvColumn Column)> Fields { get; init; } = [];
    /// <summary>To-one ends of an entity type.</summary>
    public ImmutableArray<(ModelEnd End, CsvReference To)> Links { get; init; } = [];
    /// <summary>Of a relationship type.</summary>
    public CsvReference? Source { get; init; }
    /// <summary>Of a relationship type.</summary>
    public CsvReference? Target { get; init; }

    /// <summary>Every column that it names.</summary>
    public IEnumerable<CsvColumn> Columns()
    {
        var references = Links.Select(l => l.To).Append(Source).Append(Target).OfType<CsvReference>();
        return Fields.Select(f => f.Column).Append(Id).Concat(references.SelectMany(r => r.Columns.Append(r.Id))).OfType<CsvColumn>();
    }

    /// <summary>The same with each column's place.</summary>
    public CsvMap At(Func<CsvColumn, CsvColumn> place)
    {
        CsvReference Placed(CsvReference r) => r with { Id = r.Id is null ? null : place(r.Id), Columns = [.. r.Columns.Select(place)] };
        return this with
        {
            Id = Id is null ? null : place(Id),
            Fields = [.. Fields.Select(f => (f.Field, place(f.Column)))],
            Links = [.. Links.Select(l => (l.End, Placed(l.To)))],
            Source = Source is null ? null : Placed(Source),
            Target = Target is null ? null : Placed(Target),
        };
    }
}
