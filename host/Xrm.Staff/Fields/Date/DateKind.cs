using Xrm.Sdk;

namespace Xrm.Staff.Fields;

internal sealed class DateKind() : FieldKind<DateView, DateInput>("date")
{
    public override string Write(FieldScope scope, object value) => scope.Language.Day((DateOnly)value);

    public override object? Read(FieldScope scope, string text, out Label? fault)
    {
        fault = null;
        if (TypedDay.Read(text, scope.Language.Today) is { } day)
            return day;
        fault = Label.Of($"« {text.Trim()} » n'est pas une date, comme 29/11/2026.", $"\"{text.Trim()}\" is not a date, such as 29 Nov 2026.");
        return null;
    }
}
