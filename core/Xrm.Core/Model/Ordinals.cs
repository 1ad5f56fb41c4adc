using System.Collections.Immutable;

namespace Xrm.Core.Model;

/// <summary>Gives numbers to names, the same as before to those that were there before.</summary>
internal sealed class Ordinals(Catalog catalog)
{
    private readonly ImmutableSortedDictionary<string, int>.Builder _types = catalog.Types.ToBuilder();
    private readonly ImmutableSortedDictionary<string, int>.Builder _fields = catalog.Fields.ToBuilder();
    private readonly Dictionary<string, int> _lastField = catalog.Fields
        .GroupBy(f => f.Key[..f.Key.IndexOf('.', StringComparison.Ordinal)])
        .ToDictionary(g => g.Key, g => g.Max(f => f.Value), StringComparer.Ordinal);
    private int _lastType = catalog.Types.IsEmpty ? 0 : catalog.Types.Values.Max();

    /// <summary>All names that ever had a number.</summary>
    public Catalog Catalog => new(_types.ToImmutable(), _fields.ToImmutable());

    public bool TypesAreFull => _lastType > ushort.MaxValue;

    public int Type(string name)
    {
        if (!_types.TryGetValue(name, out var ordinal))
            _types.Add(name, ordinal = ++_lastType);
        return ordinal;
    }

    public int Field(string type, string field)
    {
        var name = $"{type}.{field}";
        if (!_fields.TryGetValue(name, out var ordinal))
            _fields.Add(name, ordinal = _lastField[type] = _lastField.GetValueOrDefault(type) + 1);
        return ordinal;
    }
}
