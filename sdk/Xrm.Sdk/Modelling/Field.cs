using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>A property of an entity or relationship type. Immutable: each facet answers a new token, and the owner keeps the last one made.</summary>
public abstract class Field
{
    private protected Field(FieldOwner owner, FieldDescription description)
    {
        Owner = owner;
        Description = description;
    }

    /// <summary>Its name: lower camel case, unique in its type; of an extension with the plugin's prefix.</summary>
    public string Name => Description.Name;

    internal FieldOwner Owner { get; }

    internal FieldDescription Description { get; }

    /// <summary>Has some value.</summary>
    public Filter HasValue => new Filter.Compare(Name, Comparison.NotEqual, null);
}

/// <summary>A property whose values a plugin handles as <typeparamref name="T"/>.</summary>
public sealed class Field<T> : Field
{
    private readonly Func<T, object> _toValue;
    private readonly Func<object, T> _fromValue;

    internal Field(FieldOwner owner, FieldDescription description, Func<T, object> toValue, Func<object, T> fromValue) : base(owner, description)
    {
        _toValue = toValue;
        _fromValue = fromValue;
        owner.Keep(description);
    }

    /// <summary>Every entity has a value.</summary>
    public Field<T> Required() => With(Description with { IsRequired = true });

    /// <summary>No two entities have the same value; those without value do not count. Texts are the same when equal exactly.</summary>
    public Field<T> Unique() => With(Description with { IsUnique = true });

    /// <summary>A new entity has this value unless it is given another.</summary>
    public Field<T> Default(T value) => With(Description with { Default = ToValue(value) });

    /// <summary>The whole text matches this .NET regular expression, anchored or not.</summary>
    /// <param name="pattern">Culture-invariant; matched with a time limit.</param>
    /// <param name="rule">The id of the rule that asks for it.</param>
    /// <param name="message">What to tell somebody who gets it wrong.</param>
    public Field<T> Pattern(string pattern, string? rule = null, Label? message = null) => With(Description with { Pattern = pattern, PatternRule = rule, PatternMessage = message });

    /// <summary>The smallest value allowed, inclusive.</summary>
    public Field<T> Min(T value) => With(Description with { Min = ToValue(value) });

    /// <summary>The greatest value allowed, inclusive.</summary>
    public Field<T> Max(T value) => With(Description with { Max = ToValue(value) });

    /// <summary>Search looks into it.</summary>
    public Field<T> Searchable() => With(Description with { IsSearchable = true });

    /// <summary>How much the public may know of it; <see cref="Sensitivity.Internal"/> unless said.</summary>
    public Field<T> Sensitive(Sensitivity sensitivity) => With(Description with { Sensitivity = sensitivity });

    /// <summary>Kept for matching alone: it stands in no schema, export, history or answer, whoever asks. Plugins find by it.</summary>
    public Field<T> Hidden() => With(Description with { IsHidden = true });

    /// <summary>It is not kept: the plugin gives it its values when they are asked for (<see cref="Hooks.Computed(Field)"/>). It cannot be set, searched, filtered or sorted by.</summary>
    public Field<T> Computed() => With(Description with { IsComputed = true });

    /// <summary>What to tell people who fill it in.</summary>
    public Field<T> Help(Label help) => With(Description with { Help = help });

    /// <summary>The heading under which pages show it, with the type's other fields of the same heading; those without come first. Headings stand in the order in which they are first said.</summary>
    public Field<T> Group(Label heading) => With(Description with { Group = heading });

    /// <summary>It holds any number of values, in order.</summary>
    public Field<ImmutableArray<T>> Many() => new(Owner, Description with { IsMany = true },
        values => values.Select(v => _toValue(v)).ToImmutableArray(),
        value => [.. ((ImmutableArray<object>)value).Select(v => _fromValue(v))]);

    /// <summary>Is exactly this value.</summary>
    public Filter Is(T value) => new Filter.Compare(Name, Comparison.Equal, ToValue(value));

    /// <summary>Is not this value, or has none.</summary>
    public Filter IsNot(T value) => new Filter.Compare(Name, Comparison.NotEqual, ToValue(value));

    /// <summary>Is one of these values.</summary>
    public Filter In(params IEnumerable<T> values) => new Filter.Compare(Name, Comparison.In, values.Select(v => ToValue(v)).ToImmutableArray());

    /// <summary>Is greater; of days and moments, later.</summary>
    public Filter After(T value) => new Filter.Compare(Name, Comparison.Greater, ToValue(value));

    /// <summary>Is less; of days and moments, earlier.</summary>
    public Filter Before(T value) => new Filter.Compare(Name, Comparison.Less, ToValue(value));

    /// <summary>Is this or greater.</summary>
    public Filter AtLeast(T value) => new Filter.Compare(Name, Comparison.GreaterOrEqual, ToValue(value));

    /// <summary>Is this or less.</summary>
    public Filter AtMost(T value) => new Filter.Compare(Name, Comparison.LessOrEqual, ToValue(value));

    /// <summary>Its fold begins with the fold of this.</summary>
    public Filter StartsWith(string text) => new Filter.Compare(Name, Comparison.StartsWith, text);

    /// <summary>Its fold has the fold of this in it.</summary>
    public Filter Contains(string text) => new Filter.Compare(Name, Comparison.Contains, text);

    /// <summary>The value in the CLR form of the shape.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public object ToValue(T value) => _toValue(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>Back from the CLR form of the shape.</summary>
    public T FromValue(object value) => _fromValue(value);

    private Field<T> With(FieldDescription description) => new(Owner, description, _toValue, _fromValue);
}

/// <summary>Anything that has fields: an entity type, a relationship type, or what a plugin adds to another's type.</summary>
public abstract class FieldOwner
{
    private readonly Lock _lock = new();
    private ImmutableArray<FieldDescription> _fields = [];

    private protected FieldOwner(string prefix) => Prefix = prefix;

    private string Prefix { get; }

    /// <summary>The name of the type that has the fields.</summary>
    internal abstract string TypeName { get; }

    internal ImmutableArray<FieldDescription> Fields
    {
        get
        {
            lock (_lock)
                return _fields;
        }
    }

    /// <summary>A field of any field type, a plugin's own too.</summary>
    public Field<T> Field<T>(string name, Label label, FieldType<T> type) =>
        new(this, new FieldDescription(Prefix + name, type, label), type.ToValue, type.FromValue);

    /// <summary>One line of text.</summary>
    public Field<string> Text(string name, Label label, int maxLength = 200) => Field(name, label, new TextType(maxLength));

    /// <summary>Text of several lines.</summary>
    public Field<string> LongText(string name, Label label, int maxLength = 100_000) => Field(name, label, new LongTextType(maxLength));

    /// <summary>Yes or no.</summary>
    public Field<bool> Boolean(string name, Label label) => Field(name, label, new BooleanType());

    /// <summary>A whole number of 32 bits.</summary>
    public Field<int> Integer(string name, Label label) => Field(name, label, new IntegerType());

    /// <summary>An exact decimal number.</summary>
    public Field<decimal> Decimal(string name, Label label) => Field(name, label, new DecimalType());

    /// <summary>An amount in euros.</summary>
    public Field<decimal> Money(string name, Label label) => Field(name, label, new MoneyType());

    /// <summary>A day.</summary>
    public Field<DateOnly> Date(string name, Label label) => Field(name, label, new DateType());

    /// <summary>A moment.</summary>
    public Field<DateTimeOffset> DateTime(string name, Label label) => Field(name, label, new DateTimeType());

    /// <summary>A length of time.</summary>
    public Field<TimeSpan> Duration(string name, Label label) => Field(name, label, new DurationType());

    /// <summary>One of a closed set.</summary>
    public Field<T> Choice<T>(string name, Label label, params IEnumerable<(T Member, Label Label)> options) where T : struct, Enum =>
        Field(name, label, new ChoiceType<T>(options));

    /// <summary>A choice that changes by allowed moves; an entity starts in the first state.</summary>
    public States<T> States<T>(string name, Label label, params IEnumerable<(T Member, Label Label)> states) where T : struct, Enum =>
        new(this, name, label, [.. states], []);

    /// <summary>A code of a list.</summary>
    public Field<string> Code(string name, Label label, CodeList list) => Field(name, label, new CodeType(list));

    /// <summary>An e-mail address.</summary>
    public Field<string> Email(string name, Label label) => Field(name, label, new EmailType());

    /// <summary>A phone number.</summary>
    public Field<string> Phone(string name, Label label) => Field(name, label, new PhoneType());

    /// <summary>A web address.</summary>
    public Field<string> Url(string name, Label label) => Field(name, label, new UrlType());

    /// <summary>A point on Earth.</summary>
    public Field<GeoPoint> GeoPoint(string name, Label label) => Field(name, label, new GeoPointType());

    /// <summary>A line or an area on Earth.</summary>
    public Field<System.Text.Json.JsonElement> GeoShape(string name, Label label) => Field(name, label, new GeoShapeType());

    /// <summary>A file.</summary>
    public Field<FileReference> File(string name, Label label) => Field(name, label, new FileType());

    /// <summary>Any JSON.</summary>
    public Field<System.Text.Json.JsonElement> Json(string name, Label label) => Field(name, label, new JsonType());

    internal void Keep(FieldDescription field)
    {
        lock (_lock)
        {
            var at = 0;
            while (at < _fields.Length && !(_fields[at].Name == field.Name && _fields[at].Type == field.Type))
                at++;
            // Another field of the same name is kept beside the first: the model compiler tells it as a clash.
            _fields = at < _fields.Length ? _fields.SetItem(at, field) : _fields.Add(field);
        }
    }
}

/// <summary>A state field while its moves are being named; it is a field in its own right at every step.</summary>
public sealed class States<T> where T : struct, Enum
{
    private readonly FieldOwner _owner;
    private readonly string _name;
    private readonly Label _label;
    private readonly ImmutableArray<(T Member, Label Label)> _states;
    private readonly ImmutableArray<Move> _moves;

    internal States(FieldOwner owner, string name, Label label, ImmutableArray<(T Member, Label Label)> states, ImmutableArray<Move> moves)
    {
        _owner = owner;
        _name = name;
        _label = label;
        _states = states;
        _moves = moves;
    }

    /// <summary>Allows a move from one state to another.</summary>
    /// <param name="name">Lower camel case verb; the GraphQL mutation is this and the type's name.</param>
    /// <param name="label">What the button says.</param>
    /// <param name="from">Where it starts.</param>
    /// <param name="to">Where it leads.</param>
    /// <param name="needs">Fields that must have a value afterwards.</param>
    public States<T> Move(string name, Label label, T from, T to, params ReadOnlySpan<Field> needs) => Move(name, label, [from], to, needs);

    /// <summary>Allows a move from several states to one.</summary>
    public States<T> Move(string name, Label label, ReadOnlySpan<T> from, T to, params ReadOnlySpan<Field> needs)
    {
        var starts = ImmutableArray.CreateBuilder<string>();
        foreach (var state in from)
            starts.Add(ChoiceType<T>.NameOf(state));
        var fields = ImmutableArray.CreateBuilder<string>();
        foreach (var field in needs)
            fields.Add(field.Name);
        return new(_owner, _name, _label, _states, _moves.Add(new Move(name, label, starts.ToImmutable(), ChoiceType<T>.NameOf(to), fields.ToImmutable())));
    }

    /// <summary>The field, with the moves named so far; required, and the first state by default.</summary>
    public Field<T> Field() => _owner.Field(_name, _label, new StateType<T>(_states, _moves)).Required().Default(_states[0].Member);
}
