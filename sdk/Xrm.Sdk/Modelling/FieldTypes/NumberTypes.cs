namespace Xrm.Sdk;

/// <summary>Yes or no.</summary>
public sealed class BooleanType : PlainFieldType<bool>
{
    /// <inheritdoc/>
    public override string Name => "boolean";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Boolean;
}

/// <summary>A whole number of 32 bits.</summary>
public sealed class IntegerType : PlainFieldType<int>
{
    /// <inheritdoc/>
    public override string Name => "integer";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Integer;
}

/// <summary>A decimal number, exact.</summary>
public sealed class DecimalType : PlainFieldType<decimal>
{
    /// <inheritdoc/>
    public override string Name => "decimal";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Decimal;
}

/// <summary>An amount in euros with at most two decimals.</summary>
public sealed class MoneyType : PlainFieldType<decimal>
{
    /// <inheritdoc/>
    public override string Name => "money";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Decimal;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        fault = decimal.Round((decimal)value, 2) == (decimal)value
            ? null
            : Label.Of("Un montant en euros a deux décimales au plus.", "An amount in euros has at most two decimals.");
        return value;
    }
}
