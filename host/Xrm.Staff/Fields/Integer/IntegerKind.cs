using Xrm.Sdk;

namespace Xrm.Staff.Fields;

internal sealed class IntegerKind() : FieldKind<IntegerView, IntegerInput>("integer")
{
    public override string Write(FieldScope scope, object value) => scope.Language.Number((int)value);

    public override object? Read(FieldScope scope, string text, out Label? fault)
    {
        if (Typing.Number(text, scope.Language.IsFrench) is { } number && number == decimal.Truncate(number) && number is >= int.MinValue and <= int.MaxValue)
        {
            fault = null;
            return (int)number;
        }
        fault = Label.Of($"« {text.Trim()} » n'est pas un nombre entier, comme 1 250.", $"\"{text.Trim()}\" is not a whole number, such as 1,250.");
        return null;
    }
}
