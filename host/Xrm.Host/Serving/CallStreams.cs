using Microsoft.AspNetCore.Http;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary>The body of a request as a plugin reads it: as it comes in, and no more than is allowed.</summary>
internal sealed class CallBody(Stream body, CallWatch watch) : OneWayStream
{
    /// <summary>What a body may weigh, in bytes; the server holds it to that.</summary>
    public const int Most = 32 << 20;

    /// <summary>Why the rest of the body cannot be read: a fault of the caller's, whatever becomes of the plugin then. null while it can.</summary>
    public BadHttpRequestException? Fault { get; private set; }

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await watch.Waiting(body.ReadAsync(buffer, cancellationToken));
        }
        catch (BadHttpRequestException wrong)
        {
            Fault = wrong;
            throw Told(wrong);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>What is told of a body that cannot be read.</summary>
    public static Problem Told(BadHttpRequestException wrong) => wrong.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? TooLarge()
        : new(ProblemCode.Invalid, Label.Of("Le corps de la requête est mal transmis.", "The request's body is not transferred as HTTP has it."));

    public static Problem TooLarge() => new(ProblemCode.Limit, Label.Of($"Le corps de la requête dépasse {Most} octets.", $"The request's body is larger than {Most} bytes."), rule: "bodyBytes");
}

/// <summary>The body of an answer that a plugin writes piece by piece; after each piece its time begins anew.</summary>
internal sealed class AnswerBody(Stream body, CallWatch watch) : OneWayStream
{
    public override bool CanWrite => true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await watch.Waiting(Sent(body.WriteAsync(buffer, cancellationToken)));
        watch.Again();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken) => await watch.Waiting(Sent(new(body.FlushAsync(cancellationToken))));

    private static async ValueTask<bool> Sent(ValueTask sending)
    {
        await sending;
        return true;
    }
}

/// <summary>A stream that goes forward only, by the asynchronous members: a thread that blocks is one that others wait for.</summary>
internal abstract class OneWayStream : Stream
{
    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read with ReadAsync.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write with WriteAsync.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
