using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Net.Http.Headers;
using Xrm.Core;
using Xrm.Core.Files;
using Xrm.Host.Operations;
using Xrm.Host.SignIn;
using Xrm.Host.Uploads;
using Xrm.Sdk;

namespace Xrm.Host.Files;

/// <summary><c>POST /files</c>: somebody sends a file, and is told the reference to save it by. <c>GET /files/{hash}</c>: whoever sees a record that holds it gets it. <c>GET /files</c>: how large one may be.</summary>
/// <param name="largest">Bytes that a file may have.</param>
/// <param name="nothing">Answers a person who follows a link to what is not there.</param>
internal sealed partial class FileEndpoints(Engine engine, long largest, Func<HttpContext, Task> nothing)
{
    public const string Path = "/files";
    public const string Root = Path + "/";
    private const int MostAtOnce = 8;

    private int _coming;

    /// <summary>Answers a request of any method under <see cref="Path"/>.</summary>
    public Task Answer(HttpContext context)
    {
        var (request, actor) = (context.Request, RequestActor.Of(context));
        var hash = request.Path.Value!.Length > Root.Length ? request.Path.Value[Root.Length..] : null;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!isRead && (hash is not null || !HttpMethods.IsPost(request.Method)))
        {
            context.Response.Headers.Allow = hash is null ? "GET, HEAD, POST" : "GET, HEAD";
            return SentBody.Refuse(context, StatusCodes.Status405MethodNotAllowed, ProblemCode.Invalid, "method",
                Label.Of("Un fichier s'envoie par POST à /files et se lit par GET.", "A file is sent by POST to /files and read by GET."));
        }
        if (actor.Id == Actor.Anonymous.Id)
        {
            // Somebody who follows a link signs in first.
            if (isRead && IsFollowed(request))
                SignInEndpoint.Lead(context);
            else
                return RefusedRequest.Answer(context, [new(ProblemCode.Unauthenticated, Label.Of("Connectez-vous d'abord.", "Sign in first."))]);
            return Task.CompletedTask;
        }
        return !isRead ? Take(context, actor) : hash is null ? Tell(context) : Give(context, actor, hash);
    }

    private async Task Take(HttpContext context, Actor actor)
    {
        var request = context.Request;
        var name = FileName.Of(request);
        if (!MaySend(actor))
            await RefusedRequest.Answer(context, [new(ProblemCode.Forbidden, Label.Of("Vos droits ne permettent de joindre un fichier à aucune fiche.", "Your rights allow no file in any record."))]);
        else if (request.HasFormContentType)
            await SentBody.Refuse(context, StatusCodes.Status415UnsupportedMediaType, ProblemCode.Invalid, "contentType",
                Label.Of("Le corps est le fichier, tel quel, avec son Content-Type ; pas un formulaire.", "The body is the file as it is, with its Content-Type; not a form."));
        else if (name.Length is 0 or > FileName.Longest)
            await SentBody.Refuse(context, StatusCodes.Status400BadRequest, ProblemCode.Invalid, "name", name.Length == 0
                ? Label.Of("Donnez le nom du fichier : /files?name=plan.pdf, ou par Content-Disposition.", "Give the file's name: /files?name=plan.pdf, or by Content-Disposition.")
                : Label.Of($"Le nom du fichier a plus de {FileName.Longest} caractères.", $"The file's name has more than {FileName.Longest} characters."));
        else if (request.ContentLength > largest)
            await RefusedRequest.Answer(context, StatusCodes.Status413PayloadTooLarge, FileStore.TooLarge(largest).Faults);
        else
            await SentBody.Take(context, StatusCodes.Status201Created, body => Take(body, name, request.ContentType, actor, context.RequestAborted));
    }

    private async Task<JsonObject> Take(Stream body, string name, string? said, Actor actor, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _coming) > MostAtOnce)
                throw new Problem(ProblemCode.Unavailable, Label.Of($"{MostAtOnce} fichiers arrivent déjà. Réessayez plus tard.", $"{MostAtOnce} files are coming in already. Try again later."));
            var kept = await engine.Files.Take(body, largest, actor.Id, cancellation);
            return new() { ["hash"] = kept.Hash, ["name"] = name, ["mediaType"] = (await Media(kept, said, cancellation)).Name, ["size"] = kept.Size };
        }
        finally
        {
            Interlocked.Decrement(ref _coming);
        }
    }

    private async Task Give(HttpContext context, Actor actor, string hash)
    {
        if (!Hash().IsMatch(hash) || await Find(actor, hash, context) is not var (reference, kept))
        {
            await (IsFollowed(context.Request) ? nothing(context) : RefusedRequest.Answer(context, [new(ProblemCode.NotFound, Label.Of("Ce fichier n'est pas là.", "There is no such file."))]));
            return;
        }
        var media = await Media(kept, reference.MediaType, context.RequestAborted);
        var headers = context.Response.Headers;
        headers.ContentDisposition = FileName.Disposition(reference.Name, media.IsShown);
        headers.XContentTypeOptions = "nosniff";
        // Browsers show no PDF in a sandbox; theirs runs no script of the page's origin.
        headers.ContentSecurityPolicy = media.Name == "application/pdf" ? "default-src 'none'" : "sandbox; default-src 'none'";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Asked again each time: who may see it today may not tomorrow.
        headers.CacheControl = "private, no-cache";
        await TypedResults.Stream(engine.Files.Open(kept), media.Name, entityTag: new EntityTagHeaderValue($"\"{kept.Hash}\""), enableRangeProcessing: true).ExecuteAsync(context);
    }

    private async Task<(FileReference, KeptFile)?> Find(Actor actor, string hash, HttpContext context)
    {
        using var reader = engine.Read(actor);
        var name = context.Request.Query["name"].ToString();
        return await SeenFiles.Find(reader, hash, name.Length > 0 ? name : null, context.RequestAborted) is { } reference && engine.Files.Find(hash) is { } kept ? (reference, kept) : null;
    }

    private async Task<FileMedia> Media(KeptFile file, string? said, CancellationToken cancellation)
    {
        using var content = engine.Files.Open(file);
        var head = new byte[FileMedia.Head];
        var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        return FileMedia.Of(head.AsSpan(0, length), said);
    }

    private bool MaySend(Actor actor)
    {
        using var reader = engine.Read(actor);
        return reader.Model.ByName.Values.Any(t => t.Fields.Any(f => FileMentions.IsFile(f) && reader.MayWrite(f)));
    }

    private static bool IsFollowed(HttpRequest request) => request.Headers["Sec-Fetch-Mode"] == "navigate";

    private Task Tell(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(new JsonObject { ["largest"] = largest }.ToJsonString(Wire.Options), context.RequestAborted);
    }

    [GeneratedRegex(@"^[0-9a-f]{64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Hash();
}
