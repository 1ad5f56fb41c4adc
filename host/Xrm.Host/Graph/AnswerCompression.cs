using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Xrm.Host.Graph;

/// <summary>Makes answers smaller for clients that say they can read them so, at the cheapest level.</summary>
/// <param name="from">The bytes from which an answer is worth it; 0 = none is.</param>
internal sealed class AnswerCompression(int from)
{
    /// <summary>Below this, an answer fits in two packets of a network anyhow.</summary>
    public const int DefaultFrom = 2048;

    private const string Brotli = "br";
    private const string Gzip = "gzip";
    private const int BrotliQuality = 1;
    private const int BrotliWindow = 20;

    /// <summary>Writes an answer whose headers but the length are set, compressed where that is wanted and safe.</summary>
    public ValueTask Write(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var headers = context.Request.Headers;
        if (headers.AcceptEncoding.Count > 0 && from > 0 && body.Length >= from && IsSafe(headers) && Chosen(headers.AcceptEncoding.ToString()) is { } encoding)
            return Compressed(context, body, encoding);
        context.Response.ContentLength = body.Length;
        return Plain(context, body);
    }

    private static async ValueTask Plain(HttpContext context, ReadOnlyMemory<byte> body) => await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);

    /// <summary>Whether no page elsewhere can have made the request with somebody's session: the length of a compressed answer tells who can choose a part of it what else is in it.</summary>
    private static bool IsSafe(IHeaderDictionary headers) =>
        headers.Cookie.Count == 0 || headers.Authorization.Count > 0 || headers["Sec-Fetch-Site"] == "same-origin";

    private static string? Chosen(string accepted)
    {
        if (!StringWithQualityHeaderValue.TryParseList([accepted], out var wanted))
            return null;
        var (brotli, gzip) = (Weight(wanted, Brotli), Weight(wanted, Gzip));
        return brotli > 0 && brotli >= gzip ? Brotli : gzip > 0 ? Gzip : null;
    }

    private static double Weight(IList<StringWithQualityHeaderValue> wanted, string encoding)
    {
        double? any = null;
        foreach (var one in wanted)
            if (one.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase))
                return one.Quality ?? 1;
            else if (one.Value == "*")
                any = one.Quality ?? 1;
        return any ?? 0;
    }

    private static async ValueTask Compressed(HttpContext context, ReadOnlyMemory<byte> body, string encoding)
    {
        var response = context.Response;
        response.Headers.ContentEncoding = encoding;
        if (encoding == Gzip)
        {
            await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await gzip.WriteAsync(body, context.RequestAborted);
            return;
        }
        var bytes = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(body.Length));
        try
        {
            if (!BrotliEncoder.TryCompress(body.Span, bytes, out var length, BrotliQuality, BrotliWindow))
                throw new InvalidOperationException("A buffer of the greatest length was too small.");
            response.ContentLength = length;
            await response.BodyWriter.WriteAsync(bytes.AsMemory(0, length), context.RequestAborted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
