using System.Runtime.InteropServices;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Host.Csv;

/// <summary>What one line of a file says, on its way to becoming edits, and what is told of it.</summary>
/// <param name="line">In the file, from 1.</param>
internal sealed class CsvRow(int line)
{
    private List<CsvValue>? _beside;

    public int Line => line;
    /// <summary>Its own id; null when it names none.</summary>
    public Guid? Id { get; set; }
    /// <summary>What is there under its own id; does not exist where nothing is, or it names none.</summary>
    public Record There { get; set; }
    /// <summary>The values it sets, as a <see cref="FieldSet"/>; with length 0 for fields that it empties.</summary>
    public ReadOnlyMemory<byte> Packed { get; set; }
    /// <summary>Whether it empties a field.</summary>
    public bool Empties { get; set; }
    /// <summary>The values it sets that are looked at once more when they are set: states and periods.</summary>
    public ReadOnlySpan<CsvValue> Beside => CollectionsMarshal.AsSpan(_beside);
    /// <summary>What its to-one links lead to, in the order of the map; of a relationship its source and its target.</summary>
    public CsvTarget[] Targets { get; set; } = [];
    /// <summary>Of a relationship.</summary>
    public ref CsvTarget Source => ref Targets[0];
    /// <summary>Of a relationship.</summary>
    public ref CsvTarget Target => ref Targets[1];
    /// <summary>Whether all its cells could be read, whatever it leads to: then it counts among the lines that say the same thing.</summary>
    public bool IsRead { get; set; }
    /// <summary>Whether it is left out; the reason is told.</summary>
    public bool IsRefused { get; private set; }
    /// <summary>What it brings, New or Changed; null when that is nothing.</summary>
    public ImportLineKind? Brings { get; private set; }
    /// <summary>What is told of it; null for nothing.</summary>
    public List<ImportLine>? Told { get; private set; }

    public void SetBeside(ModelField field, KeptValue? kept) => (_beside ??= new(1)).Add(new(field, kept));

    /// <summary>Whether it gives a field a value; the JSON of it.</summary>
    public bool TryGet(ModelField field, out ReadOnlySpan<byte> json)
    {
        json = default;
        if (field.Builtin == Builtin.None && FieldSet.TryGet(Packed.Span, field.Ordinal, out json))
            return json.Length > 0;
        foreach (var value in Beside)
            if (value.Field == field)
                json = value.Kept?.Json;
        return json.Length > 0;
    }

    /// <summary>Leaves it out.</summary>
    public void Refuse(string? column, string fr, string en)
    {
        IsRefused = true;
        Tell(ImportLineKind.Refused, column is null ? Label.Of(fr, en) : Label.Of($"{column} : {fr}", $"{column}: {en}"));
    }

    /// <summary>Says what it brings.</summary>
    /// <param name="message">Null when nobody wants to be told.</param>
    public void Bring(ImportLineKind kind, Label? message)
    {
        Brings = kind;
        if (message is not null)
            Tell(kind, message);
    }

    private void Tell(ImportLineKind kind, Label message) => (Told ??= new(1)).Add(new(kind, line, message));
}

/// <summary>A field that a row sets.</summary>
/// <param name="Kept">Null empties it.</param>
internal readonly record struct CsvValue(ModelField Field, KeptValue? Kept)
{
    /// <summary>Its canonical JSON; empty when it is emptied.</summary>
    public byte[] Json => Kept?.Json ?? [];
}

/// <summary>A thing that a row means, found by id or by key; by default the row says nothing.</summary>
/// <param name="id">As the row gives it.</param>
/// <param name="named">What the row says, where that is not the id as it is always written; null otherwise.</param>
internal struct CsvTarget(Guid id, CsvName? named)
{
    /// <summary>Its id; when the row gives a key, known once it is looked up.</summary>
    public Guid Id { get; set; } = id;
    public readonly CsvName? Named => named;
    /// <summary>Whether the row says which.</summary>
    public bool IsGiven { get; } = true;
    /// <summary>What people are told when there is none.</summary>
    public readonly string Text => named?.Written ?? Id.ToString();
}

/// <summary>What a row says to name a thing.</summary>
/// <param name="Written">As people are told.</param>
internal sealed record CsvName(string Written)
{
    /// <summary>Null when it is an id.</summary>
    public ModelKey? Key { get; init; }
    /// <summary>The key's values.</summary>
    public Operand[] Values { get; init; } = [];
}
