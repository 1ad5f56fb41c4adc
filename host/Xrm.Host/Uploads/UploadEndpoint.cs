using System.Text.Json.Nodes;
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
            await SentBody.Refuse(context, StatusCodes.Status405MethodNotAllowed, ProblemCode.Invalid, "method", Label.Of("Un paquet s'envoie par POST.", "A package is sent by POST."));
        }
        else if (actor.Id == Actor.Anonymous.Id)
            await RefusedRequest.Answer(context, [new(ProblemCode.Unauthenticated, Label.Of("Connectez-vous d'abord.", "Sign in first."))]);
        else if (!actor.Roles.Contains(Role.Administrator))
            await RefusedRequest.Answer(context, [new(ProblemCode.Forbidden, Label.Of("Seuls les administrateurs envoient des paquets.", "Only administrators send packages."))]);
        else if (request.ContentType?.Split(';')[0].Trim().Equals(MediaType, StringComparison.OrdinalIgnoreCase) != true)
            await SentBody.Refuse(context, StatusCodes.Status415UnsupportedMediaType, ProblemCode.Invalid, "contentType",
                Label.Of($"Le corps est le paquet, tel quel, en {MediaType}.", $"The body is the package as it is, as {MediaType}."));
        else if (request.ContentLength > uploads.Largest)
            await RefusedRequest.Answer(context, StatusCodes.Status413PayloadTooLarge, uploads.TooLarge().Faults);
        else
            await Take(context, uploads);
    }

    private static Task Take(HttpContext context, PackageUploads uploads) => SentBody.Take(context, StatusCodes.Status200OK,
        async body => Json(await uploads.Take(body, context.RequestAborted), RefusedRequest.Language(context.Request)));

    private static JsonObject Json(Upload upload, string language) => new()
    {
        ["package"] = upload.Sha256,
        ["id"] = upload.Manifest.Id,
        ["version"] = upload.Manifest.Version.ToString(),
        ["title"] = upload.Manifest.Title.In(language),
        ["trustedBy"] = upload.TrustedBy,
    };
}
