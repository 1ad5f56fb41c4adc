using System.Collections.Immutable;
using System.Text.Json;

namespace Xrm.Sdk;

/// <summary>The form in which a value is kept, compared and put into JSON. Stores know these and nothing else of field types.</summary>
public enum Shape
{
    /// <summary>string; a JSON string; ordered by its fold, then exactly.</summary>
    Text,
    /// <summary>bool; false before true.</summary>
    Boolean,
    /// <summary>int (32 bits); a JSON number.</summary>
    Integer,
    /// <summary>decimal; a JSON string with a point, without needless zeros.</summary>
    Decimal,
    /// <summary>DateOnly; a JSON string <c>yyyy-MM-dd</c>.</summary>
    Date,
    /// <summary>DateTimeOffset in UTC; a JSON string <c>yyyy-MM-ddTHH:mm:ss.fffZ</c>; finer parts of a second are cut.</summary>
    DateTime,
    /// <summary>TimeSpan; a JSON string of ISO 8601 (<c>P1DT2H</c>).</summary>
    Duration,
    /// <summary>JsonElement; JSON as it is; has no order.</summary>
    Json,
}

/// <summary>One value that a choice, a state or a code list allows.</summary>
/// <param name="Name">As written in JSON and GraphQL: UPPER_SNAKE for choices and states, as the list has it for codes.</param>
/// <param name="Label">What people read.</param>
public sealed record Option(string Name, Label Label);

/// <summary>An allowed change of a state.</summary>
/// <param name="Name">Lower camel case verb: <c>resolve</c>.</param>
/// <param name="Label">What the button says.</param>
/// <param name="From">The states it starts from.</param>
/// <param name="To">The state it leads to.</param>
/// <param name="Needs">Fields that must have a value afterwards.</param>
public sealed record Move(string Name, Label Label, ImmutableArray<string> From, string To, ImmutableArray<string> Needs);

/// <summary>What the values of a field are: name, shape, validation. One class makes a field type; a plugin can bring its own.</summary>
public abstract class FieldType
{
    /// <summary>Lower camel case, unique among all field types: <c>text</c>, <c>money</c>, <c>iban</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The form in which its values are kept.</summary>
    public abstract Shape Shape { get; }

    /// <summary>The most characters a value may have; null = no limit of its own.</summary>
    public virtual int? MaxLength => null;

    /// <summary>The values allowed, in the order people read them; empty = not a closed set.</summary>
    public virtual ImmutableArray<Option> Options => [];

    /// <summary>The allowed moves of a state; empty for other types.</summary>
    public virtual ImmutableArray<Move> Moves => [];

    /// <summary>The name of the code list; null for other types.</summary>
    public virtual string? CodeList => null;

    /// <summary>The name of the field type of the sdk (<see cref="FieldTypes.Names"/>), of the same shape, whose view and input staff pages use for its values; null = chosen by the shape.</summary>
    public virtual string? Widget => null;

    /// <summary>Checks a value that has the CLR form of the shape and answers it as it is to be kept (trimmed, without spaces, rounded, ...).</summary>
    /// <param name="value">Never null; for a field with many values, each in turn.</param>
    /// <param name="fault">What is wrong with it, for people; null when nothing is.</param>
    /// <returns>The value to keep, in the CLR form of the shape; meaningless when there is a fault.</returns>
    public virtual object Check(object value, out Label? fault)
    {
        fault = null;
        return value;
    }
}

/// <summary>A field type whose values a plugin handles as <typeparamref name="T"/>.</summary>
public abstract class FieldType<T> : FieldType
{
    /// <summary>The value in the CLR form of the shape.</summary>
    public abstract object ToValue(T value);

    /// <summary>Back from the CLR form of the shape.</summary>
    public abstract T FromValue(object value);
}

/// <summary>A field type whose values a plugin handles in the CLR form of the shape itself.</summary>
public abstract class PlainFieldType<T> : FieldType<T> where T : notnull
{
    /// <inheritdoc/>
    public override object ToValue(T value) => value;

    /// <inheritdoc/>
    public override T FromValue(object value) => (T)value;
}
