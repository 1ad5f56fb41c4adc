using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Lists;

/// <summary>What a list can show, filter and sort of a type: its fields, and those that every thing has.</summary>
internal static class ListFields
{
    private const int MostAtFirst = 6;

    private static readonly ModelField From = new("validFrom", Label.Of("Du", "From"), "date", Shape.Date);
    private static readonly ModelField To = new("validTo", Label.Of("Au", "Until"), "date", Shape.Date);
    private static readonly ModelField Created = new("createdAt", Label.Of("Créée le", "Created"), "dateTime", Shape.DateTime);
    private static readonly ModelField Updated = new("updatedAt", Label.Of("Modifiée le", "Changed"), "dateTime", Shape.DateTime);

    /// <summary>Its own fields, then those that all things have.</summary>
    public static ImmutableArray<ModelField> Of(ModelType type) =>
        [.. type.Fields, .. type.IsDated ? (ImmutableArray<ModelField>)[From, To] : [], Created, Updated];

    /// <summary>Its field of a name; null when it has none.</summary>
    public static ModelField? Find(ModelType type, string name) => Of(type).FirstOrDefault(f => f.Name == name);

    public static bool CanFilter(ModelField field) => !field.IsMany && !field.IsComputed && field.Shape != Shape.Json;

    public static bool CanSort(ModelField field) => CanFilter(field);

    /// <summary>The fields by whose values things can stand in columns.</summary>
    public static ImmutableArray<ModelField> Boards(StaffModel model, ModelType type) => [.. type.Fields.Where(f => CanFilter(f) && f.Shape == Shape.Text && !model.Options(f).IsEmpty)];

    /// <summary>Whether a column is about a field that things have whatever their type.</summary>
    public static bool IsOfAll(string name) => name is "validFrom" or "validTo" or "createdAt" or "updatedAt";

    /// <summary>Whether the type has a column of a name.</summary>
    public static bool HasColumn(ModelType type, string name) => Find(type, name) is not null || type.End(name) is not null;

    /// <summary>The columns of a type of which nobody chose others: when it is true, whom it is about, and what is short.</summary>
    public static ImmutableArray<string> Columns(StaffModel model, ModelType type)
    {
        var columns = new List<string>();
        if (type.IsDated)
            columns.AddRange(["validFrom", "validTo"]);
        columns.AddRange(type.Ends.Where(e => e.IsToOne).Take(3).Select(e => e.Name));
        var fields = type.Fields.Where(f => !type.DisplayFields.Contains(f.Name) && IsShort(f) && f.Sensitivity < Sensitivity.Special).ToLookup(f => f.IsRequired || f.IsSearchable || !model.Options(f).IsEmpty);
        columns.AddRange(fields[true].Take(4).Select(f => f.Name));
        columns.AddRange(type.Ends.Where(e => !e.IsToOne).Take(2).Select(e => e.Name));
        columns.AddRange(fields[false].Select(f => f.Name));
        return [.. columns.Take(MostAtFirst)];
    }

    /// <summary>As the model says, for most types by what people call the things.</summary>
    public static ImmutableArray<Order> Orders(ModelType type) => [.. type.ListFields.Where(f => type.Field(f) is { } field && CanSort(field)).Select(f => new Order(f))];

    /// <summary>Where some fields are ordered by, one behind the other and in one direction; -1 = nowhere.</summary>
    public static int Find(ImmutableArray<Order> orders, ImmutableArray<Order> of)
    {
        for (var at = 0; of.Length > 0 && at + of.Length <= orders.Length; at++)
            if (orders.Slice(at, of.Length).Select(o => o.Field).SequenceEqual(of.Select(o => o.Field)) && orders.Slice(at, of.Length).All(o => o.Descending == orders[at].Descending))
                return at;
        return -1;
    }

    private static bool IsShort(ModelField field) => field is { IsMany: false, Shape: not Shape.Json } && field.Type is not ("longText" or "file" or "geoPoint" or "geoShape" or "url");
}
