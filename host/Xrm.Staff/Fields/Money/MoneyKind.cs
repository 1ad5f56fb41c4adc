using Xrm.Sdk;

namespace Xrm.Staff.Fields;

internal sealed class MoneyKind() : FieldKind<MoneyView, MoneyInput>("money")
{
    // The currency stands after a narrow space that does not break, as French typography has it; English has it before.
    public override string Show(FieldScope scope, object value) => scope.Language.IsFrench
        ? Write(scope, value) + "\u202F€"
        : ((decimal)value < 0 ? "-€" : "€") + scope.Language.Number(Math.Abs((decimal)value), 2);

    public override string Write(FieldScope scope, object value) => scope.Language.Number((decimal)value, 2);

    public override object? Read(FieldScope scope, string text, out Label? fault)
    {
        fault = null;
        var figures = text.Replace("€", "", StringComparison.Ordinal).Replace("EUR", "", StringComparison.OrdinalIgnoreCase);
        if (Typing.Number(figures, scope.Language.IsFrench) is { } number)
            return number;
        fault = Label.Of($"« {text.Trim()} » n'est pas un montant, comme 1 250,50.", $"\"{text.Trim()}\" is not an amount, such as 1,250.50.");
        return null;
    }
}
