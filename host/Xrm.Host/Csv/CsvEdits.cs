using System.Collections.Immutable;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>The edits of one import, each with the line it comes from.</summary>
internal sealed class CsvEdits
{
    private readonly ImmutableList<Edit>.Builder _edits = ImmutableList.CreateBuilder<Edit>();

    /// <summary>For each edit the line of the file.</summary>
    public List<int> Lines { get; } = [];

    public void Add(int line, Edit edit)
    {
        _edits.Add(edit);
        Lines.Add(line);
    }

    public Commit Build() => Commit.New() with { Edits = _edits.ToImmutable() };

    /// <summary>The values of a row.</summary>
    public static Values All(CsvRow row) => Values.Of([.. row.Values.Where(v => v.Value is not null).Select(v => (v.Field.Name, v.Value))]);

    /// <summary>Those that differ from what a record has.</summary>
    public static Values Different(CsvRow row, Record record) => Values.Of([.. row.Values.Where(v => IsDifferent(v.Field, v.Json, record)).Select(v => (v.Field.Name, v.Value))]);

    private static bool IsDifferent(Core.Model.ModelField field, byte[] json, Record record) => field.Builtin switch
    {
        Core.Model.Builtin.ValidFrom => !json.AsSpan().SequenceEqual(Day(record.Period.From)),
        Core.Model.Builtin.ValidTo => !json.AsSpan().SequenceEqual(Day(record.Period.To)),
        _ => !json.AsSpan().SequenceEqual(record.TryGet(field.Ordinal, out var now) ? now : []),
    };

    private static byte[] Day(DateOnly? day) => day is { } there ? JsonValue.Write(Shape.Date, there) : [];
}
