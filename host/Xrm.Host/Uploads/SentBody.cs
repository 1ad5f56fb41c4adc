using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Xrm.Host.Operations;
using Xrm.Host.SignIn;
using Xrm.Sdk;

namespace Xrm.Host.Uploads;

/// <summary>Takes a request's whole body in as something that is kept, and answers what became of it, or why nothing did.</summary>
internal static class SentBody
{
    /// <summary>Takes it.</summary>
    /// <param name="status">Of an answer when it was kept.</param>
    /// <param name="take">Reads the body up to a limit of its own (Limit: 413), and answers what to tell.</param>
    public static async Task Take(HttpContext context, int status, Func<Stream, Task<JsonObject>> take)
    {
        // It is counted as it comes in.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        try
        {
            var told = await take(context.Request.Body);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsync(told.ToJsonString(Wire.Options), context.RequestAborted);
        }
        catch (Problem problem) when (problem.Code == ProblemCode.Limit)
        {
            await RefusedRequest.Answer(context, StatusCodes.Status413PayloadTooLarge, problem.Faults);
        }
        catch (Exception e) when (e is Problem or IOException or UnauthorizedAccessException && !context.RequestAborted.IsCancellationRequested)
        {
            await RefusedRequest.Answer(context, e is BadHttpRequestException wrong
                ? [new(ProblemCode.Invalid, Label.Of("Le corps de la requête est mal transmis.", "The request's body is not transferred as HTTP has it."))]
                : Failure.Faults(e));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // Whoever sent it is gone; nothing was kept.
        }
    }

    /// <summary>Refuses before anything is read.</summary>
    public static Task Refuse(HttpContext context, int status, ProblemCode code, string rule, Label message) =>
        RefusedRequest.Answer(context, status, [new(code, message, Rule: rule)]);
}
