using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>A predicate made ready for one state: asked of a record and its slot.</summary>
internal abstract class Condition
{
    public abstract bool Holds(in Record record, int slot);

    /// <summary>Whether it is told from what is kept, mostly without a look at the record.</summary>
    public virtual bool IsKept => false;

    /// <summary>How many of some records of one type it holds for.</summary>
    public virtual long Count(Tree.Walk keys, RecordSpace space)
    {
        var count = 0L;
        foreach (var key in keys)
            if (Holds(space[key.Slot], key.Slot))
                count++;
        return count;
    }

    internal sealed class All(Condition[] parts) : Condition
    {
        public override bool IsKept { get; } = parts.All(p => p.IsKept);

        public override bool Holds(in Record record, int slot)
        {
            foreach (var part in parts)
                if (!part.Holds(record, slot))
                    return false;
            return true;
        }
    }

    internal sealed class Any(Condition[] parts) : Condition
    {
        public override bool IsKept { get; } = parts.All(p => p.IsKept);

        public override bool Holds(in Record record, int slot)
        {
            foreach (var part in parts)
                if (part.Holds(record, slot))
                    return true;
            return false;
        }
    }

    internal sealed class Not(Condition part) : Condition
    {
        public override bool IsKept => part.IsKept;

        public override bool Holds(in Record record, int slot) => !part.Holds(record, slot);
    }

    /// <summary>Counts of how many records it is asked; it asks nothing more than what it watches.</summary>
    /// <param name="watched">null = nothing is asked.</param>
    internal sealed class Watched(Condition? watched, StepTrace trace) : Condition
    {
        public override bool Holds(in Record record, int slot)
        {
            trace.Touched++;
            return watched?.Holds(record, slot) != false;
        }
    }

    internal sealed class OfType(ImmutableArray<int> ordinals) : Condition
    {
        public override bool Holds(in Record record, int slot) => ordinals.Contains(record.TypeOrdinal);
    }

    internal sealed class IdIn(HashSet<Guid> ids) : Condition
    {
        public override bool Holds(in Record record, int slot) => ids.Contains(record.Id);
    }

    /// <summary>Holds when the value, or one of many, is one of some; null among them stands for no value.</summary>
    internal sealed class IsOneOf(Column column, ImmutableArray<Operand> operands) : Condition
    {
        private readonly bool _null = operands.Any(o => o.Json.Length == 0);
        private readonly byte[][] _values = [.. operands.Where(o => o.Json.Length > 0).Select(o => o.Json)];

        public override bool Holds(in Record record, int slot)
        {
            Span<byte> scratch = stackalloc byte[Column.Scratch];
            if (!column.TryGet(record, scratch, out var json))
                return _null;
            if (!column.IsMany)
                return IsAmong(json);
            foreach (var element in new Elements(json))
                if (IsAmong(element))
                    return true;
            return false;
        }

        private bool IsAmong(ReadOnlySpan<byte> json)
        {
            foreach (var value in _values)
                if (json.SequenceEqual(value))
                    return true;
            return false;
        }
    }

    internal sealed class Ordered(Column column, Comparison how, byte[] operand) : Condition
    {
        public override bool Holds(in Record record, int slot)
        {
            Span<byte> scratch = stackalloc byte[Column.Scratch];
            if (!column.TryGet(record, scratch, out var json))
                return false;
            if (!column.IsMany)
                return Is(json);
            foreach (var element in new Elements(json))
                if (Is(element))
                    return true;
            return false;
        }

        private bool Is(ReadOnlySpan<byte> json)
        {
            var order = column.Compare(json, operand);
            return how switch
            {
                Comparison.Greater => order > 0,
                Comparison.GreaterOrEqual => order >= 0,
                Comparison.Less => order < 0,
                _ => order <= 0,
            };
        }
    }

    internal sealed class Folded(Column column, Comparison how, byte[] fold) : Condition
    {
        public override bool Holds(in Record record, int slot)
        {
            Span<byte> scratch = stackalloc byte[Column.Scratch];
            if (!column.TryGet(record, scratch, out var json))
                return false;
            if (!column.IsMany)
                return Is(json);
            foreach (var element in new Elements(json))
                if (Is(element))
                    return true;
            return false;
        }

        private bool Is(ReadOnlySpan<byte> json)
        {
            // Only texts have a fold.
            if (json.IsEmpty || json[0] != (byte)'"')
                return false;
            using var text = new FoldedText(json, stackalloc byte[256]);
            return how switch
            {
                Comparison.Contains => text.Bytes.IndexOf(fold) >= 0,
                Comparison.StartsWith => text.Bytes.StartsWith(fold),
                _ => text.Bytes.EndsWith(fold),
            };
        }
    }
}

/// <summary>The elements of a JSON array, each as its bytes.</summary>
internal ref struct Elements(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private Utf8JsonReader _reader = new(json);
    private bool _begun;

    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly Elements GetEnumerator() => this;

    public bool MoveNext()
    {
        if (!_begun)
            _begun = _reader.Read();
        if (!_reader.Read() || _reader.TokenType == JsonTokenType.EndArray)
            return false;
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        Current = _json[start..(int)_reader.BytesConsumed];
        return true;
    }
}
