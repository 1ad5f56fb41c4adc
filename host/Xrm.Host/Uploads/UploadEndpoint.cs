using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Xrm.Host.Operations;
using Xrm.Host.SignIn;
using Xrm.Sdk;

namespace Xrm.Host.Uploads;

/// <summary><c>POST /plugins</c>: an administrator sends a package, and is told under which hash to plan and install it.</summary>
internal static class UploadEndpoint
{
    public const string Path = "/plugins";
    private const string MediaType = "application/octet-stream";

    public static async Task Answer(HttpContext context, PackageUploads uploads)
    {
        var (request, actor) = (context.Request, RequestActor.Of(context));
        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await Refuse(context, StatusCodes.Status405MethodNotAllowed, ProblemCode.Invalid, "method", Label.Of("Un paquet s'envoie par POST.", "A package is sent by POST."));
        }
        else if (actor.Id == Actor.Anonymous.Id)
            await RefusedRequest.Answer(context, [new(ProblemCode.Unauthenticated, Label.Of("Connectez-vous d'abord.", "Sign in first."))]);
        else if (!actor.Roles.Contains(Role.Administrator))
            await RefusedRequest.Answer(context, [new(ProblemCode.Forbidden, Label.Of("Seuls les administrateurs envoient des paquets.", "Only administrators send packages."))]);
        else if (request.ContentType?.Split(';')[0].Trim().Equals(MediaType, StringComparison.OrdinalIgnoreCase) != true)
            await Refuse(context, StatusCodes.Status415UnsupportedMediaType, ProblemCode.Invalid, "contentType",
                Label.Of($"Le corps est le paquet, tel quel, en {MediaType}.", $"The body is the package as it is, as {MediaType}."));
        else if (request.ContentLength > uploads.Largest)
            await RefusedRequest.Answer(context, StatusCodes.Status413PayloadTooLarge, uploads.TooLarge().Faults);
        else
            await Take(context, uploads);
    }

    private static async Task Take(HttpContext context, PackageUploads uploads)
    {
        // It is counted as it comes in, up to a limit of its own.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        try
        {
            var upload = await uploads.Take(context.Request.Body, context.RequestAborted);
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsync(Json(upload, RefusedRequest.Language(context.Request)).ToJsonString(Wire.Options), context.RequestAborted);
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

    private static JsonObject Json(Upload upload, string language) => new()
    {
        ["package"] = upload.Sha256,
        ["id"] = upload.Manifest.Id,
        ["version"] = upload.Manifest.Version.ToString(),
        ["title"] = upload.Manifest.Title.In(language),
        ["trustedBy"] = upload.TrustedBy,
    };

    private static Task Refuse(HttpContext context, int status, ProblemCode code, string rule, Label message) =>
        RefusedRequest.Answer(context, status, [new(code, message, Rule: rule)]);
}
