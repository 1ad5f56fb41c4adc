using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Administration;

/// <summary>Looks for things that agree in all fields of a key. It holds no more than a share of the values at once, by their digests, and goes through the things once for each share.</summary>
/// <param name="type">The type as it is.</param>
/// <param name="key">The key as it will be.</param>
/// <param name="edits">What becomes of data together with the model.</param>
internal sealed class KeyCheck(RecordPages pages, ModelType type, ModelKey key, IReadOnlyList<RecordEdit> edits)
{
    /// <summary>So many values are held at once.</summary>
    private const int Share = 1 << 18;
    private const int MostShown = 3;
    private readonly Dictionary<Guid, RecordEdit> _edits = edits.Where(e => e.Type.Ordinal == type.Ordinal).ToDictionary(e => e.Id);
    private readonly Dictionary<UInt128, int> _seen = [];
    private readonly SortedSet<string> _shown = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _values = new();
    private readonly ArrayBufferWriter<byte> _merged = new();
    private int _twice;
    private int _things;

    /// <summary>What is there twice; null when nothing is.</summary>
    public async ValueTask<Breach?> Run(CancellationToken cancellation)
    {
        var shares = (uint)((await pages.Count(type, cancellation) + _edits.Count) / Share + 1);
        for (var share = 0u; share < shares; share++)
        {
            _seen.Clear();
            await foreach (var things in pages.Things(type, cancellation))
                foreach (var row in things)
                    Take(row.Entity, share, shares);
            foreach (var made in _edits.Values.Where(e => e.Kind == ChangeKind.Created))
                Take(made.Set.Span, share, shares);
            foreach (var count in _seen.Values.Where(c => c > 1))
            {
                _twice++;
                _things += count;
            }
        }
        if (_things == 0)
            return null;
        var names = string.Join("+", key.Fields.Select(f => f.Name));
        var shown = _shown.Count == 0 ? "" : $" ({string.Join(", ", _shown)}{(_twice > _shown.Count ? ", …" : "")})";
        var (fr, en) = (Remarks.Counted(_things, false).Fr, Remarks.Counted(_things, false).En);
        var isOne = key.Fields.Length == 1;
        return new(isOne ? PlanPart.Field : PlanPart.EntityType, isOne ? $"{type.Name}.{names}" : type.Name, _things, Label.Of(
            $"valeurs en double, {names} ne peut pas être unique : {fr}, {_twice} {(_twice == 1 ? "valeur" : "valeurs")}{shown}.",
            $"values are there twice, {names} cannot be unique: {en}, {_twice} {(_twice == 1 ? "value" : "values")}{shown}."), "unique");
    }

    private void Take(in Record record, uint share, uint shares)
    {
        if (!_edits.TryGetValue(record.Id, out var edit))
        {
            Take(record.Fields, share, shares);
            return;
        }
        if (edit.Kind == ChangeKind.Deleted)
            return;
        _merged.ResetWrittenCount();
        FieldSet.Merge(record.Fields, edit.Set.Span, _merged);
        Take(_merged.WrittenSpan, share, shares);
    }

    private void Take(ReadOnlySpan<byte> fields, uint share, uint shares)
    {
        _values.ResetWrittenCount();
        foreach (var field in key.Fields)
        {
            // Where a value is missing nothing is unique.
            if (!FieldSet.TryGet(fields, field.Ordinal, out var json) || json.Length == 0)
                return;
            BinaryPrimitives.WriteInt32LittleEndian(_values.GetSpan(4), json.Length);
            _values.Advance(4);
            _values.Write(json);
        }
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_values.WrittenSpan, digest);
        if (BinaryPrimitives.ReadUInt32LittleEndian(digest[16..]) % shares != share)
            return;
        var value = BinaryPrimitives.ReadUInt128LittleEndian(digest);
        var count = _seen[value] = _seen.GetValueOrDefault(value) + 1;
        if (count == 2 && _shown.Count < MostShown && key.Fields.All(f => f.Description is { IsHidden: false, Sensitivity: <= Sensitivity.Internal }))
            _shown.Add(Shown(fields));
    }

    private string Shown(ReadOnlySpan<byte> fields)
    {
        var text = new StringBuilder();
        foreach (var field in key.Fields)
            if (FieldSet.TryGet(fields, field.Ordinal, out var json))
                text.Append(text.Length > 0 ? " + " : "").Append(Remarks.Plain(ShapeValues.Read(field, json)));
        return text.ToString();
    }
}
