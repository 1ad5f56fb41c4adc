using System.Collections.Immutable;
using System.Globalization;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Fields;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Lists;

/// <summary>The columns of a list and how its lines are made of things.</summary>
internal sealed class ListColumns
{
    private readonly StaffModel _model;
    private readonly Language _language;
    private readonly ModelType _type;

    public ListColumns(StaffModel model, Language language, ModelType type, ImmutableArray<string> names)
    {
        (_model, _language, _type) = (model, language, type);
        All = [.. names.Where(n => ListFields.HasColumn(type, n)).Select(n => ListFields.Find(type, n) is { } field ? new ListColumn(n, field.Label, field, null) : new ListColumn(n, type.End(n)!.Label, null, type.End(n)))];
        Fields = [.. All.Where(c => c.Field is not null && !ListFields.IsOfAll(c.Name)).Select(c => c.Name).Union(Naming.IsByLabels(model, type) ? type.DisplayFields : [], StringComparer.Ordinal)];
        Ends = [.. All.Where(c => c.End is not null).Select(c => c.Name)];
    }

    public ImmutableArray<ListColumn> All { get; }

    /// <summary>The fields to ask for.</summary>
    public ImmutableArray<string> Fields { get; }

    /// <summary>The ends to ask for.</summary>
    public ImmutableArray<string> Ends { get; }

    public ListRow Row(int index, Sheet sheet) => new(
        index, sheet, Naming.Of(_model, _language, sheet.Entity), Paths.Thing(_type, sheet.Entity.Id),
        [.. All.Select(c => Cell(sheet, c))], _type.IsDated && sheet.Entity.Period.To <= _language.Today);

    /// <summary>The value of a field, of those that all things have too, in the CLR form of its shape; null when there is none.</summary>
    public static object? Value(Entity thing, ModelField field) => field.Name switch
    {
        "validFrom" => thing.Period.From,
        "validTo" => thing.Period.To?.AddDays(-1),
        "createdAt" => thing.CreatedAt,
        "updatedAt" => thing.UpdatedAt,
        _ => thing.Values.TryGet(field.Name, out var value) ? value : null,
    };

    public ListCell Cell(Sheet sheet, ListColumn column)
    {
        if (column.Field is { } field)
            return Value(sheet.Entity, field) is { } value && FieldKinds.Show(new(field, _model, _language), value) is { Length: > 0 } text ? new([new(text, null)], 0) : ListCell.Empty;
        if (!sheet.Entity.Related.TryGetValue(column.Name, out var links) || links.IsEmpty)
            return ListCell.Empty;
        var parts = links.Where(l => l.Other is not null)
            .Select(l => new ListPart(Naming.Of(_model, _language, l.Other!), _model.ByName.TryGetValue(l.Other!.Type, out var far) ? Paths.Thing(far, l.Other.Id) : null)).ToImmutableArray();
        return new(parts, Math.Max(0, sheet.Counts.GetValueOrDefault(column.Name) - links.Length));
    }
}

/// <summary>A column: of a field or of an end.</summary>
internal sealed record ListColumn(string Name, Label Label, ModelField? Field, ModelEnd? End)
{
    public bool CanSort => Field is not null && ListFields.CanSort(Field);

    public bool IsNumber => Field is { IsMany: false, Shape: Shape.Integer or Shape.Decimal };

    /// <summary>How wide it is, in rem: what its values want, and its heading.</summary>
    public string Width(string heading)
    {
        var values = Field?.Shape switch
        {
            Shape.Boolean => 6,
            Shape.Date => 8.5,
            Shape.Integer or Shape.Decimal => 8,
            Shape.DateTime => 13,
            null => 15,
            _ => 11,
        };
        return Math.Min(18, Math.Max(values, heading.Length * .56 + 3)).ToString(CultureInfo.InvariantCulture) + "rem";
    }
}
