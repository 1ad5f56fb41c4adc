using System.Text.Json;
using Xrm.Sdk;

namespace Sample;

/// <summary><c>GET /plugins/sample/open</c>: the requests that are not closed, as far as whoever asks may see them.</summary>
internal static class OpenRequests
{
    public static async ValueTask<HttpAnswer> Answer(HttpCall call, CancellationToken cancellation)
    {
        var open = await call.Xrm.Query(Query.For(Request.Type).Where(!Request.IsClosed.Is(true)).Order(Request.Reference), cancellation);
        return HttpAnswer.Json(JsonSerializer.Serialize(open.Entities.Select(r => new { reference = r.Get(Request.Reference), subject = r.Get(Request.Subject) })));
    }
}
