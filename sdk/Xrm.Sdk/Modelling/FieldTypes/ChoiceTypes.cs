using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>One of a closed set, handled as a CLR enum; an enum in GraphQL.</summary>
/// <typeparam name="T">Its members become the values: <c>StreetLight</c> is <c>STREET_LIGHT</c>.</typeparam>
public class ChoiceType<T> : FieldType<T> where T : struct, Enum
{
    /// <summary>Boxed: a list of the enum itself would be compiled for it at each start, as no plugin's types are known to what is compiled ahead.</summary>
    private readonly List<object> _members = [];

    /// <summary>A choice among the members named, in this order.</summary>
    public ChoiceType(params IEnumerable<(T Member, Label Label)> options)
    {
        var shown = ImmutableArray.CreateBuilder<Option>();
        foreach (var (member, label) in options)
        {
            _members.Add(member);
            shown.Add(new(NameOf(member), label));
        }
        Options = shown.ToImmutable();
    }

    /// <inheritdoc/>
    public override string Name => "choice";
    /// <inheritdoc/>
    public override Shape Shape => Shape.Text;
    /// <inheritdoc/>
    public override ImmutableArray<Option> Options { get; }

    /// <summary>The name in JSON and GraphQL of a member: words of capitals, parted by underscores.</summary>
    public static string NameOf(T member) => Texts.UpperSnake(member.ToString());

    /// <inheritdoc/>
    public override object ToValue(T value) => NameOf(value);

    /// <inheritdoc/>
    public override T FromValue(object value)
    {
        for (var i = 0; i < Options.Length; i++)
            if (Options[i].Name == (string)value)
                return (T)_members[i];
        return default;
    }

    /// <inheritdoc/>
    public override object Check(object value, out Label? fault)
    {
        fault = Texts.NoChoice((string)value, Options);
        return value;
    }
}

/// <summary>A choice whose changes follow allowed moves. An entity starts in the first state.</summary>
/// <typeparam name="T">The states.</typeparam>
public sealed class StateType<T> : ChoiceType<T> where T : struct, Enum
{
    internal StateType(IEnumerable<(T Member, Label Label)> states, ImmutableArray<Move> moves) : base(states) => Moves = moves;

    /// <inheritdoc/>
    public override string Name => "state";
    /// <inheritdoc/>
    public override ImmutableArray<Move> Moves { get; }
}
