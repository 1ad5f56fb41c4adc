using System.Buffers;
using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>The edits of one import, each with the line it comes from.</summary>
internal sealed class CsvEdits
{
    private readonly List<Edit> _edits;
    private (string Field, object? Value)[] _pairs = [];

    private readonly RecordType _type;

    /// <param name="type">Of the rows.</param>
    /// <param name="rows">About so many edits are to come.</param>
    public CsvEdits(RecordType type, int rows) => (_type, _edits, Lines) = (type, new(rows), new(rows));

    /// <summary>For each edit the line of the file.</summary>
    public List<int> Lines { get; }

    public void Add(int line, Edit edit)
    {
        _edits.Add(edit);
        Lines.Add(line);
    }

    public Commit Build() => Commit.New() with { Edits = ImmutableList.CreateRange(_edits) };

    /// <summary>The values of a row that makes something, fields of its own and ends alike.</summary>
    /// <param name="links">The ends that its links lead from, in their order.</param>
    public Values All(CsvRow row, ImmutableArray<(ModelEnd End, CsvReference To)> links)
    {
        var count = Put(row, links.Length);
        for (var i = 0; i < links.Length; i++)
            if (row.Targets[i] is { IsGiven: true } to)
                _pairs[count++] = (links[i].End.Name, new EntityId(to.Id));
        return Values.Of(_pairs.AsSpan(0, count));
    }

    /// <summary>The fields of a relationship that is made; its period is not among them.</summary>
    public Values Own(CsvRow row)
    {
        var count = Put(row, 0, withPeriod: false);
        return Values.Of(_pairs.AsSpan(0, count));
    }

    private int Put(CsvRow row, int others, bool withPeriod = true)
    {
        var most = 1 + row.Beside.Length + others;
        if (_pairs.Length < most)
            _pairs = new (string, object?)[most];
        var count = 0;
        if (!row.Packed.IsEmpty)
            _pairs[count++] = (KeptSet.Name, new KeptSet(_type, row.Empties ? WithoutNulls(row.Packed) : row.Packed));
        foreach (var (field, kept) in row.Beside)
            if (kept is not null && (withPeriod || field.Builtin == Builtin.None))
                _pairs[count++] = (field.Name, kept);
        return count;
    }

    private static ReadOnlyMemory<byte> WithoutNulls(ReadOnlyMemory<byte> packed)
    {
        var writer = new ArrayBufferWriter<byte>(packed.Length);
        FieldSet.Merge(default, packed.Span, writer);
        return writer.WrittenMemory;
    }

    /// <summary>Those that differ from what a record has.</summary>
    public Values Different(CsvRow row, Record record)
    {
        var pairs = new List<(string, object?)>();
        var each = FieldSet.Each(row.Packed.Span);
        while (each.MoveNext())
            if (!each.Json.SequenceEqual(record.TryGet(each.Ordinal, out var now) ? now : default) && _type.ByOrdinal[each.Ordinal] is var field)
                pairs.Add((field.Name, each.Json.IsEmpty ? null : ShapeValues.Read(field, each.Json)));
        foreach (var value in row.Beside)
            if (IsDifferent(value.Field, value.Json, record))
                pairs.Add((value.Field.Name, value.Kept?.Value));
        return Values.Of([.. pairs]);
    }

    private static bool IsDifferent(ModelField field, byte[] json, Record record) => field.Builtin switch
    {
        Builtin.ValidFrom => !json.AsSpan().SequenceEqual(Day(record.Period.From)),
        Builtin.ValidTo => !json.AsSpan().SequenceEqual(Day(record.Period.To)),
        _ => !json.AsSpan().SequenceEqual(record.TryGet(field.Ordinal, out var now) ? now : []),
    };

    private static byte[] Day(DateOnly? day) => day is { } there ? JsonValue.Write(Shape.Date, there) : [];
}
