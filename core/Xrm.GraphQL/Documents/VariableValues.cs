using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Xrm.GraphQL.Documents;

/// <summary>The values of an operation's variables in one request; those not given are not there.</summary>
internal sealed class VariableValues : IReadOnlyDictionary<string, object?>
{
    private readonly FrozenDictionary<string, int> _places;
    private readonly object?[] _values;

    /// <param name="places">Of all variables that the operation declares.</param>
    public VariableValues(FrozenDictionary<string, int> places)
    {
        _places = places;
        _values = new object?[places.Count];
        Array.Fill(_values, Inputs.Missing);
    }

    /// <exception cref="KeyNotFoundException">It was not given; or, where it is set, the operation declares none of that name.</exception>
    public object? this[string key]
    {
        get => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);
        set => _values[_places[key]] = value;
    }

    public int Count => _values.Count(IsGiven);

    public IEnumerable<string> Keys => this.Select(v => v.Key);

    public IEnumerable<object?> Values => _values.Where(IsGiven);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        value = _places.TryGetValue(key, out var place) ? _values[place] : Inputs.Missing;
        return IsGiven(value);
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        _places.Where(p => IsGiven(_values[p.Value])).Select(p => KeyValuePair.Create(p.Key, _values[p.Value])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsGiven(object? value) => !ReferenceEquals(value, Inputs.Missing);
}
