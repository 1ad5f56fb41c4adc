using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.Core.Running;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Host.Exporting;

/// <summary>Writes the records of one type.</summary>
internal interface ISheet
{
    void Begin();

    void Write(Reader reader, in Row row);
}

/// <summary>One JSON object a line: <c>type</c>, <c>id</c>, <c>version</c>, <c>parked</c> where the type is no longer in force, times, ends, period, and <c>values</c> by field name.</summary>
internal sealed class JsonSheet(RecordType type, ImmutableArray<ModelField> fields, Chunks output) : ISheet
{
    /// <summary>Whether the plugin of the type is away, or no longer has it.</summary>
    public bool IsParked { get; init; }

    public void Begin() { }

    public void Write(Reader reader, in Row row)
    {
        var record = type is ModelRelationship ? row.Link : row.Entity;
        using (var json = new Utf8JsonWriter(output.Writer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("type", type.Name);
            json.WriteString("id", record.Id);
            json.WriteNumber("version", record.Version);
            if (IsParked)
                json.WriteBoolean("parked", true);
            json.WriteString("createdAt", Moment(record.CreatedAt));
            json.WriteString("updatedAt", Moment(record.UpdatedAt));
            if (record.IsRelationship)
            {
                json.WriteString("source", record.Source);
                json.WriteString("target", record.Target);
            }
            if (type.IsDated)
            {
                json.WriteString("validFrom", Day(record.Period.From));
                json.WriteString("validTo", Day(record.Period.To));
            }
            json.WriteStartObject("values");
            foreach (var field in fields)
                if (record.TryGet(field.Ordinal, out var value) && reader.Sees(field, row))
                {
                    json.WritePropertyName(field.Name);
                    json.WriteRawValue(value, skipInputValidation: true);
                }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        output.Writer.Write("\n"u8);
    }

    internal static string Moment(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>Comma-separated values (RFC 4180): a header, then a line for each record. Values that are not one text or number are JSON.</summary>
internal sealed class CsvSheet(RecordType type, ImmutableArray<ModelField> fields, char separator, Chunks output) : ISheet
{
    private readonly StringBuilder _line = new();

    public void Begin()
    {
        Add("id");
        Add("version");
        Add("createdAt");
        Add("updatedAt");
        if (type is ModelRelationship)
        {
            Add("source");
            Add("target");
        }
        if (type.IsDated)
        {
            Add("validFrom");
            Add("validTo");
        }
        foreach (var field in fields)
            Add(field.Name);
        End();
    }

    public void Write(Reader reader, in Row row)
    {
        var record = type is ModelRelationship ? row.Link : row.Entity;
        Add(record.Id.ToString("D"));
        Add(record.Version.ToString(CultureInfo.InvariantCulture));
        Add(JsonSheet.Moment(record.CreatedAt));
        Add(JsonSheet.Moment(record.UpdatedAt));
        if (record.IsRelationship)
        {
            Add(record.Source.ToString("D"));
            Add(record.Target.ToString("D"));
        }
        if (type.IsDated)
        {
            Add(JsonSheet.Day(record.Period.From));
            Add(JsonSheet.Day(record.Period.To));
        }
        foreach (var field in fields)
            Add(record.TryGet(field.Ordinal, out var value) && reader.Sees(field, row) ? Text(field, value) : null);
        End();
    }

    private static string Text(ModelField field, ReadOnlySpan<byte> json) =>
        field.IsMany || json[0] != (byte)'"' ? Encoding.UTF8.GetString(json) : JsonValue.Text(json);

    private void Add(string? text)
    {
        if (_line.Length > 0)
            _line.Append(separator);
        if (string.IsNullOrEmpty(text))
            return;
        if (text.IndexOfAny([separator, '"', '\r', '\n']) < 0 && text[0] != ' ' && text[^1] != ' ')
            _line.Append(text);
        else
            _line.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private void End()
    {
        _line.Append("\r\n");
        output.Writer.Write(Encoding.UTF8.GetBytes(_line.ToString()));
        _line.Clear();
    }
}
