namespace Xrm.Sdk;

/// <summary>A day, without time or zone.</summary>
public sealed class DateType : PlainFieldType<DateOnly>
{
    /// <inheritdoc/>
    public override string Name => "date";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Date;
}

/// <summary>A moment, kept in UTC to the millisecond.</summary>
public sealed class DateTimeType : PlainFieldType<DateTimeOffset>
{
    /// <inheritdoc/>
    public override string Name => "dateTime";
    /// <inheritdoc/>
    public override Shape Shape => Shape.DateTime;

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        fault = null;
        var at = ((DateTimeOffset)value).ToUniversalTime();
        return new DateTimeOffset(at.Ticks - at.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
    }
}

/// <summary>A length of time in days, hours, minutes and seconds; months and years have none.</summary>
public sealed class DurationType : PlainFieldType<TimeSpan>
{
    /// <inheritdoc/>
    public override string Name => "duration";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Duration;
}
