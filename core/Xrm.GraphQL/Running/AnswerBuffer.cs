using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using Xrm.Core.Storage;

namespace Xrm.GraphQL.Running;

/// <summary>UTF-8 being written into one pooled array that grows. Not for several threads.</summary>
internal sealed class AnswerBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(8 * 1024);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(byte one)
    {
        if (Length == _bytes.Length)
            Grow(1);
        _bytes[Length++] = one;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - Length < bytes.Length)
            Grow(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public void WriteNull() => Write("null"u8);

    public void WriteBoolean(bool value) => Write(value ? "true"u8 : "false"u8);

    public void WriteInteger(long number)
    {
        var span = GetSpan(20);
        Utf8Formatter.TryFormat(number, span, out var written);
        Length += written;
    }

    /// <summary>A JSON string of any text.</summary>
    public void WriteText(string text) => Write(JsonValue.Quote(text));

    public void WriteId(Guid id)
    {
        var span = GetSpan(38);
        span[0] = (byte)'"';
        Utf8Formatter.TryFormat(id, span[1..], out _);
        span[37] = (byte)'"';
        Length += 38;
    }

    /// <summary>A day as <c>yyyy-MM-dd</c>, quoted.</summary>
    public void WriteDay(DateOnly day)
    {
        var span = GetSpan(12);
        span[0] = (byte)'"';
        day.TryFormat(span[1..], out _, "O", CultureInfo.InvariantCulture);
        span[11] = (byte)'"';
        Length += 12;
    }

    /// <summary>A moment in UTC to the millisecond, quoted.</summary>
    public void WriteMoment(DateTimeOffset at)
    {
        var span = GetSpan(26);
        span[0] = (byte)'"';
        at.UtcDateTime.TryFormat(span[1..], out var written, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        span[written + 1] = (byte)'"';
        Length += written + 2;
    }

    /// <summary>Takes back what was written behind a length.</summary>
    public void TruncateTo(int length) => Length = length;

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private void Reserve(int size)
    {
        if (_bytes.Length - Length < Math.Max(size, 1))
            Grow(Math.Max(size, 1));
    }

    private void Grow(int needed)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, checked(Length + needed)));
        Span.CopyTo(bytes);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bytes;
    }
}
