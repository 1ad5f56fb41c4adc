using System.Buffers;
using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;

namespace Xrm.Host.Csv;

/// <summary>Puts what rows set into the form in which it is kept, many rows in one array: a file of a hundred thousand rows would else be millions of objects until it is written. For one thread at a time.</summary>
internal sealed class CsvPacker
{
    private const int ChunkSize = 1 << 15;

    private readonly ModelField[] _fields;
    /// <summary>For each field of the map its place among those that are packed; -1 for others.</summary>
    private readonly int[] _places;
    /// <summary>Where in <see cref="_set"/> the JSON of each field lies; length 0 empties it, -1 stands for none.</summary>
    private readonly (int At, int Length)[] _jsons;
    private readonly ArrayBufferWriter<byte> _set = new(1024);
    private Memory<byte> _chunk;

    public CsvPacker(ImmutableArray<(ModelField Field, CsvColumn Column)> mapped)
    {
        _fields = [.. mapped.Select(m => m.Field).Where(ValueSetter.IsPlain).Distinct().OrderBy(f => f.Ordinal)];
        _places = [.. mapped.Select(m => Array.IndexOf(_fields, m.Field))];
        _jsons = new (int, int)[_fields.Length];
        Array.Fill(_jsons, (0, -1));
    }

    /// <summary>Whether a field of the map is packed; what cannot be set as it is goes beside it.</summary>
    public bool Packs(int mapped) => _places[mapped] >= 0;

    /// <param name="mapped">Which field of the map.</param>
    /// <param name="kept">Its value, checked.</param>
    public void Set(int mapped, object kept)
    {
        var place = _places[mapped];
        var at = _set.WrittenCount;
        FieldValue.WriteJson(_fields[place], kept, _set);
        _jsons[place] = (at, _set.WrittenCount - at);
    }

    public void Empty(int mapped) => _jsons[_places[mapped]] = default;

    /// <summary>What was set since the last row, as a <see cref="FieldSet"/>; with length 0 for what is emptied.</summary>
    public ReadOnlyMemory<byte> Pack()
    {
        const int most = 10;
        var length = 0;
        foreach (var json in _jsons)
            length += json.Length < 0 ? 0 : most + json.Length;
        if (length == 0)
            return default;
        if (length > _chunk.Length)
            _chunk = new byte[Math.Max(ChunkSize, length)];
        var to = _chunk.Span;
        var at = 0;
        for (var i = 0; i < _fields.Length; i++)
            if (_jsons[i] is { Length: >= 0 } json)
            {
                at = FieldSet.WriteVarint(to, at, _fields[i].Ordinal);
                at = FieldSet.WriteVarint(to, at, json.Length);
                _set.WrittenSpan.Slice(json.At, json.Length).CopyTo(to[at..]);
                at += json.Length;
                _jsons[i] = (0, -1);
            }
        _set.ResetWrittenCount();
        var packed = _chunk[..at];
        _chunk = _chunk[at..];
        return packed;
    }
}
