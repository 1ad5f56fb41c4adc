using Xrm.Sdk;

namespace Xrm.Staff.Fields;

internal sealed class DecimalKind() : FieldKind<DecimalView, DecimalInput>("decimal")
{
    public override string Write(FieldScope scope, object value) => scope.Language.Number((decimal)value);

    public override object? Read(FieldScope scope, string text, out Label? fault)
    {
        fault = null;
        if (Typing.Number(text, scope.Language.IsFrench) is { } number)
            return number;
        fault = Label.Of($"« {text.Trim()} » n'est pas un nombre, comme 1 250,5.", $"\"{text.Trim()}\" is not a number, such as 1,250.5.");
        return null;
    }
}
