using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Xrm.Sdk;

namespace Xrm.Core.Storage;

/// <summary>Values as canonical JSON: equal values have equal bytes, so that stores compare and answers copy without knowing what they hold.</summary>
internal static class JsonValue
{
    private const int MostPlain = 40;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The canonical JSON of a value in the CLR form of a shape; of a field with many values an array.</summary>
    public static byte[] Write(Shape shape, object value, bool many = false)
    {
        if (!many)
            return WriteOne(shape, value);
        using var buffer = new MemoryStream();
        buffer.WriteByte((byte)'[');
        var first = true;
        foreach (var item in (ImmutableArray<object>)value)
        {
            if (!first)
                buffer.WriteByte((byte)',');
            first = false;
            buffer.Write(WriteOne(shape, item));
        }
        buffer.WriteByte((byte)']');
        return buffer.ToArray();
    }

    /// <summary>The same, behind what a buffer holds: of most values no array is made.</summary>
    public static void Write(Shape shape, object value, bool many, IBufferWriter<byte> writer)
    {
        if (!many && shape == Shape.Text)
        {
            var text = (string)value;
            var span = writer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length) + 2);
            var length = Encoding.UTF8.GetBytes(text, span[1..]);
            if (IsPlain(span.Slice(1, length)))
            {
                span[0] = span[length + 1] = (byte)'"';
                writer.Advance(length + 2);
                return;
            }
        }
        else if (!many && shape is (Shape.Decimal or Shape.Date or Shape.DateTime))
        {
            var span = writer.GetSpan(MostPlain + 2);
            var length = Plain(shape, value, span[1..]);
            span[0] = span[length + 1] = (byte)'"';
            writer.Advance(length + 2);
            return;
        }
        writer.Write(Write(shape, value, many));
    }

    /// <summary>Back to the CLR form of the shape.</summary>
    public static object Read(Shape shape, ReadOnlySpan<byte> json, bool many = false)
    {
        if (!many)
            return ReadOne(shape, json);
        var values = ImmutableArray.CreateBuilder<object>();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            values.Add(ReadOne(shape, json[start..(int)reader.BytesConsumed]));
        }
        return values.ToImmutable();
    }

    private static byte[] WriteOne(Shape shape, object value) => shape switch
    {
        Shape.Text => Quote((string)value),
        Shape.Boolean => (bool)value ? "true"u8.ToArray() : "false"u8.ToArray(),
        Shape.Integer => Encoding.ASCII.GetBytes(((int)value).ToString(CultureInfo.InvariantCulture)),
        Shape.Decimal or Shape.Date or Shape.DateTime => Quoted(shape, value),
        Shape.Duration => Ascii(XmlConvert.ToString((TimeSpan)value)),
        Shape.Json => Canonical((JsonElement)value),
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };

    private static object ReadOne(Shape shape, ReadOnlySpan<byte> json) => shape switch
    {
        Shape.Text => Text(json),
        Shape.Boolean => json[0] == (byte)'t',
        Shape.Integer => Utf8Parser.TryParse(json, out int number, out _) ? number : throw new FormatException(),
        Shape.Decimal => ReadDecimal(json),
        Shape.Date => DateOnly.ParseExact(Encoding.ASCII.GetString(json[1..^1]), "yyyy-MM-dd", CultureInfo.InvariantCulture),
        Shape.DateTime => DateTimeOffset.ParseExact(Encoding.ASCII.GetString(json[1..^1]), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        Shape.Duration => XmlConvert.ToTimeSpan(Encoding.ASCII.GetString(json[1..^1])),
        Shape.Json => Element(json),
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };

    /// <summary>The text of a JSON string.</summary>
    public static string Text(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf((byte)'\\') < 0)
            return Encoding.UTF8.GetString(json[1..^1]);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>The number of a decimal's JSON string.</summary>
    public static decimal ReadDecimal(ReadOnlySpan<byte> json) =>
        Utf8Parser.TryParse(json[1..^1], out decimal number, out _) ? number : throw new FormatException();

    /// <summary>A JSON string.</summary>
    public static byte[] Quote(string text)
    {
        var plain = new byte[Encoding.UTF8.GetByteCount(text) + 2];
        Encoding.UTF8.GetBytes(text, plain.AsSpan(1));
        if (IsPlain(plain.AsSpan(1, plain.Length - 2)))
        {
            plain[0] = plain[^1] = (byte)'"';
            return plain;
        }
        var encoded = JsonEncodedText.Encode(Valid(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        var json = new byte[encoded.Length + 2];
        json[0] = json[^1] = (byte)'"';
        encoded.CopyTo(json.AsSpan(1));
        return json;
    }

    private static bool IsPlain(ReadOnlySpan<byte> text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncodeUtf8(text) < 0;

    private static string Valid(string text)
    {
        foreach (var c in text)
            if (char.IsSurrogate(c))
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return text;
    }

    private static byte[] Ascii(string text)
    {
        var json = new byte[text.Length + 2];
        json[0] = json[^1] = (byte)'"';
        Encoding.ASCII.GetBytes(text, json.AsSpan(1));
        return json;
    }

    private static byte[] Quoted(Shape shape, object value)
    {
        Span<byte> room = stackalloc byte[MostPlain];
        var plain = room[..Plain(shape, value, room)];
        var json = new byte[plain.Length + 2];
        json[0] = json[^1] = (byte)'"';
        plain.CopyTo(json.AsSpan(1));
        return json;
    }

    /// <summary>What stands between the quotation marks of a number, a day or a moment; how long it is.</summary>
    /// <param name="room">Of <see cref="MostPlain"/>.</param>
    private static int Plain(Shape shape, object value, Span<byte> room) => shape switch
    {
        Shape.Decimal => Decimal((decimal)value, room),
        Shape.Date => Day((DateOnly)value, room),
        _ => Moment((DateTimeOffset)value, room),
    };

    private static int Decimal(decimal number, Span<byte> room)
    {
        // Without needless zeros 1.50 and 1.5 are the same bytes; zero has no sign.
        number.TryFormat(room, out var length, default, CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> plain = room[..length];
        if (plain.Contains((byte)'.'))
            plain = plain.TrimEnd((byte)'0').TrimEnd((byte)'.');
        if (!plain.SequenceEqual("-0"u8))
            return plain.Length;
        room[0] = (byte)'0';
        return 1;
    }

    private static int Day(DateOnly day, Span<byte> room)
    {
        day.TryFormat(room, out var length, "O", CultureInfo.InvariantCulture);
        return length;
    }

    /// <summary>To the millisecond; what is finer is cut.</summary>
    private static int Moment(DateTimeOffset at, Span<byte> room)
    {
        const int ToMilliseconds = 23;
        at.UtcDateTime.TryFormat(room, out _, "O", CultureInfo.InvariantCulture);
        room[ToMilliseconds] = (byte)'Z';
        return ToMilliseconds + 1;
    }

    private static byte[] Canonical(JsonElement element)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
            element.WriteTo(writer);
        return buffer.ToArray();
    }

    private static JsonElement Element(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return JsonElement.ParseValue(ref reader);
    }
}
