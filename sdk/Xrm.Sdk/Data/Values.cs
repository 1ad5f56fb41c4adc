using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Xrm.Sdk;

/// <summary>The values of some fields by field name. A null value empties the field; a field that is not in it stays as it is.</summary>
/// <remarks>
/// A value is the CLR form of its field type's <see cref="Shape"/>: string, bool, int, decimal, DateOnly, DateTimeOffset,
/// TimeSpan or JsonElement; for a field with many values, an <see cref="ImmutableArray{T}"/> of object.
/// </remarks>
public sealed class Values : IReadOnlyCollection<KeyValuePair<string, object?>>
{
    /// <summary>No values.</summary>
    public static readonly Values None = new([]);

    private readonly ImmutableArray<KeyValuePair<string, object?>> _pairs;

    private Values(ImmutableArray<KeyValuePair<string, object?>> pairs) => _pairs = pairs;

    /// <summary>Values by field name; of a name that comes twice the last holds.</summary>
    public static Values Of(params ReadOnlySpan<(string Field, object? Value)> pairs)
    {
        if (pairs.IsEmpty)
            return None;
        var all = new KeyValuePair<string, object?>[pairs.Length];
        var count = 0;
        foreach (var (field, value) in pairs)
        {
            var at = 0;
            while (at < count && all[at].Key != field)
                at++;
            all[at] = new(field, value);
            if (at == count)
                count++;
        }
        return new(ImmutableCollectionsMarshal.AsImmutableArray(count == all.Length ? all : all[..count]));
    }

    /// <summary>These values and one more, in place of an earlier one of that name.</summary>
    public Values With(string field, object? value)
    {
        var pair = new KeyValuePair<string, object?>(field, value);
        for (var i = 0; i < _pairs.Length; i++)
            if (_pairs[i].Key == field)
                return new(_pairs.SetItem(i, pair));
        return new(_pairs.Add(pair));
    }

    /// <summary>These values and one more, named by its field.</summary>
    public Values With<T>(Field<T> field, T? value) => With(field.Name, value is null ? null : field.ToValue(value));

    /// <summary>Whether a field has a value here, null included.</summary>
    public bool TryGet(string field, out object? value)
    {
        foreach (var pair in _pairs)
            if (pair.Key == field)
            {
                value = pair.Value;
                return true;
            }
        value = null;
        return false;
    }

    /// <summary>How many fields have a value here.</summary>
    public int Count => _pairs.Length;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, object?>>)_pairs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
