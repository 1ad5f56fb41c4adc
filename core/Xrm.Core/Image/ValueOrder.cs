using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using System.Xml;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Image;

/// <summary>The order of values of a shape, told from their canonical JSON.</summary>
internal static class ValueOrder
{
    /// <summary>The prefix of no value: behind all others.</summary>
    public const ulong Null = ulong.MaxValue;

    /// <summary>Whether equal prefixes are equal values.</summary>
    public static bool IsExact(Shape shape) => shape is Shape.Integer or Shape.Boolean or Shape.Date or Shape.DateTime;

    /// <summary>Eight bytes that sort as the values do, as far as they reach; less than <see cref="Null"/>.</summary>
    public static ulong Prefix(Shape shape, ReadOnlySpan<byte> json)
    {
        switch (shape)
        {
            case Shape.Boolean:
                return json[0] == (byte)'t' ? 1UL : 0UL;
            case Shape.Integer:
                return Utf8Parser.TryParse(json, out int number, out _) ? OfInteger(number) : throw new FormatException();
            case Shape.Decimal:
                return Math.Min(OfDouble((double)JsonValue.ReadDecimal(json)), Null - 1);
            case Shape.Date or Shape.DateTime:
                return Digits(json);
            case Shape.Duration:
                return Math.Min((ulong)Ticks(json) ^ 1UL << 63, Null - 1);
            case Shape.Text:
            {
                using var fold = new FoldedText(json, stackalloc byte[256]);
                return OfFold(fold.Bytes);
            }
            default:
                return 0;
        }
    }

    /// <summary>Four bytes that sort as prefixes of a shape do, as far as they reach.</summary>
    public static uint Half(Shape shape, ulong prefix) => shape switch
    {
        Shape.Boolean or Shape.Date => (uint)prefix,
        Shape.Integer => (uint)(prefix >> 1),
        Shape.DateTime => Seconds(prefix),
        _ => (uint)(prefix >> 32),
    };

    // Of the digits of a moment, seconds since 1900, as far as four bytes go: to 2036.
    private static uint Seconds(ulong digits)
    {
        var (day, time) = Math.DivRem(digits, 1_000_000_000);
        var (year, month, date) = ((int)(day / 10_000), (int)(day / 100 % 100), (int)(day % 100));
        if (year is < 1900 or > 2035)
            return year < 1900 ? 0 : uint.MaxValue - 1;
        // Months of 31 days keep the order; nobody reads the number.
        return (uint)((((year - 1900) * 12 + month - 1) * 31 + date - 1) * 86_400L + (long)(time / 10_000_000 * 3600 + time / 100_000 % 100 * 60 + time / 1000 % 100));
    }

    public static ulong OfInteger(int number) => (ulong)((uint)number ^ 0x80000000) << 1;

    public static ulong OfFold(ReadOnlySpan<byte> fold)
    {
        if (fold.Length >= 8)
            return BinaryPrimitives.ReadUInt64BigEndian(fold);
        Span<byte> padded = stackalloc byte[8];
        padded.Clear();
        fold.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    /// <summary>Compares two values.</summary>
    public static int Compare(Shape shape, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        switch (shape)
        {
            case Shape.Text:
                return CompareTexts(a, b);
            case Shape.Decimal:
                return JsonValue.ReadDecimal(a).CompareTo(JsonValue.ReadDecimal(b));
            case Shape.Duration:
                return Ticks(a).CompareTo(Ticks(b));
            case Shape.Json:
                return a.SequenceCompareTo(b);
            default:
                return Prefix(shape, a).CompareTo(Prefix(shape, b));
        }
    }

    private static int CompareTexts(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.SequenceEqual(b))
            return 0;
        using var foldA = new FoldedText(a, stackalloc byte[256]);
        using var foldB = new FoldedText(b, stackalloc byte[256]);
        var order = foldA.Bytes.SequenceCompareTo(foldB.Bytes);
        if (order != 0)
            return order;
        return a.IndexOf((byte)'\\') < 0 && b.IndexOf((byte)'\\') < 0
            ? a[1..^1].SequenceCompareTo(b[1..^1])
            : Encoding.UTF8.GetBytes(JsonValue.Text(a)).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(JsonValue.Text(b)));
    }

    private static long Ticks(ReadOnlySpan<byte> json) => XmlConvert.ToTimeSpan(Encoding.ASCII.GetString(json[1..^1])).Ticks;

    private static ulong OfDouble(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number);
        return bits < 0 ? (ulong)~bits : (ulong)bits | 1UL << 63;
    }

    // yyyy-MM-dd and yyyy-MM-ddTHH:mm:ss.fffZ: all digits in order of weight.
    private static ulong Digits(ReadOnlySpan<byte> json)
    {
        ulong digits = 0;
        foreach (var b in json)
            if (b is >= (byte)'0' and <= (byte)'9')
                digits = digits * 10 + (ulong)(b - '0');
        return digits;
    }
}
