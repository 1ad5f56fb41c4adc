using System.Collections.Immutable;
using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Fields;

/// <summary>All field kinds, and which one is a field's.</summary>
internal static class FieldKinds
{
    private static readonly Dictionary<string, FieldKind> All = new FieldKind[]
    {
        new TextKind(), new LongTextKind(), new BooleanKind(), new IntegerKind(), new DecimalKind(), new MoneyKind(), new DateKind(), new DateTimeKind(),
        new DurationKind(), new ChoiceKind(), new CodeKind(), new StateKind(), new EmailKind(), new PhoneKind(), new UrlKind(), new GeoPointKind(),
        new GeoShapeKind(), new FileKind(), new JsonKind(),
    }.ToDictionary(k => k.Name, StringComparer.Ordinal);

    /// <summary>By the field's type, else by the widget that its plugin names, else by the form of its values.</summary>
    public static FieldKind Of(ModelField field) =>
        All.TryGetValue(field.Type, out var own) ? own
        : field.Widget is { } widget && All.TryGetValue(widget, out var named) && Fits(named, field.Shape) ? named
        : All[ByForm(field)];

    /// <summary>A field's value as people read it in one line; of many values, one after the other. Empty when there is none.</summary>
    public static string Show(FieldScope scope, object? value) => value switch
    {
        null => "",
        ImmutableArray<object> many => string.Join(", ", many.Select(v => Of(scope.Field).Show(scope, v))),
        _ => Of(scope.Field).Show(scope, value),
    };

    private static string ByForm(ModelField field) => field.Shape switch
    {
        _ when !field.Moves.IsEmpty => "state",
        _ when field.CodeList is not null => "code",
        Shape.Text when !field.Options.IsEmpty => "choice",
        Shape.Boolean => "boolean",
        Shape.Integer => "integer",
        Shape.Decimal => "decimal",
        Shape.Date => "date",
        Shape.DateTime => "dateTime",
        Shape.Duration => "duration",
        Shape.Json => "json",
        _ => "text",
    };

    // A widget of another form would be handed values that it cannot hold.
    private static bool Fits(FieldKind kind, Shape shape) => FieldTypes.Find(kind.Name, codeList: "") is { } type && type.Shape == shape;
}
