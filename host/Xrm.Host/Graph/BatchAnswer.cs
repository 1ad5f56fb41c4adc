using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Xrm.GraphQL;
using Xrm.GraphQL.Running;
using Xrm.Sdk;

namespace Xrm.Host.Graph;

/// <summary>Answers several requests that came in one JSON array, one after the other, by an array in the same order. One that is wrong has its errors in its place and the others do not notice.</summary>
/// <remarks>Each has the limits of a request; what all of them could touch and how long they take is limited as for one.</remarks>
internal sealed class BatchAnswer(GraphQLService service, Actor actor, string language)
{
    private readonly CostBudget _budget = new(service.Limits.Cost);
    private readonly long _begun = service.Time.GetTimestamp();

    /// <returns>The JSON, to be disposed of.</returns>
    /// <exception cref="BadRequest">There is none in it, or too many; nothing was run.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<AnswerBuffer> Of(JsonElement requests, CancellationToken cancellation)
    {
        var (count, most) = (requests.GetArrayLength(), service.Limits.Requests);
        if (count == 0)
            throw new BadRequest(StatusCodes.Status400BadRequest, "batching", "Le lot ne contient aucune requête.", "The batch holds no request.");
        if (count > most)
            throw new BadRequest(StatusCodes.Status400BadRequest, "requests", $"Le lot contient {count} requêtes ; {most} au plus sont admises.",
                $"The batch holds {count} requests; at most {most} are allowed.", ProblemCode.Limit) { Limit = new(most, count) };
        var buffer = new AnswerBuffer();
        try
        {
            foreach (var request in requests.EnumerateArray())
            {
                buffer.Write((byte)(buffer.Length == 0 ? '[' : ','));
                using var answer = await One(request, cancellation);
                buffer.Write(answer.Body.Span);
            }
            buffer.Write((byte)']');
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private async ValueTask<GraphQLAnswer> One(JsonElement request, CancellationToken cancellation)
    {
        if (service.Time.GetElapsedTime(_begun) > service.Limits.Time)
            return GraphQLAnswer.Of(Refusal.Time(service.Limits).Errors, language);
        try
        {
            return await service.Execute(RequestBody.Of(request) with { Budget = _budget }, actor, language, cancellation);
        }
        catch (BadRequest bad)
        {
            return bad.Answer(language);
        }
        catch (InvalidOperationException wrong)
        {
            // A string that is no Unicode text.
            return RequestBody.NotJson(wrong).Answer(language);
        }
    }
}
