using System.Collections.Immutable;
using System.Diagnostics;
using Xrm.Core;
using Xrm.Core.Running;
using Xrm.Host.SignIn;
using Xrm.Sdk;
using Endpoint = Xrm.Sdk.Endpoint;

namespace Xrm.Host.Serving;

/// <summary>Answers <c>/plugins/&lt;id&gt;/…</c> with the endpoints of the plugins that run. A request stays with the plugin that it began with.</summary>
/// <param name="engine">What is in force.</param>
/// <param name="limit">How long a plugin may take, what it waits for the caller apart.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told what a plugin failed at, under the trace that the caller is told.</param>
internal sealed class PluginEndpoints(Engine engine, TimeSpan limit, TimeProvider time, ILogger log)
{
    public const string Root = "/plugins/";

    public async Task Answer(HttpContext context)
    {
        if (Find(context.Request.Path.Value![Root.Length..]) is not { } found)
        {
            await RefusedRequest.Answer(context, [new(ProblemCode.NotFound, Label.Of("Cette adresse ne mène à rien.", "There is nothing at this address."))]);
            return;
        }
        var actor = RequestActor.Of(context);
        if (actor.Id == Actor.Anonymous.Id && !found.IsPublic)
            await RefusedRequest.Answer(context, [new(ProblemCode.Unauthenticated, Label.Of("Connectez-vous d'abord.", "Sign in first."))]);
        else if (found.For(context.Request.Method) is not { } endpoint)
        {
            context.Response.Headers.Allow = string.Join(", ", found.Methods);
            await RefusedRequest.Answer(context, StatusCodes.Status405MethodNotAllowed, [new(ProblemCode.Invalid, Label.Of(
                $"Cette adresse répond à : {string.Join(", ", found.Methods)}.", $"This address answers: {string.Join(", ", found.Methods)}."), Rule: "method")]);
        }
        else if (found.Attachment.Health.Off is { } reason)
            await RefusedRequest.Answer(context, [SwitchedOff(found.Attachment, reason, actor)]);
        else if (context.Request.ContentLength > CallBody.Most)
            await RefusedRequest.Answer(context, StatusCodes.Status413PayloadTooLarge, [.. CallBody.TooLarge().Faults]);
        else
            await Run(context, found, endpoint, actor);
    }

    /// <summary>The endpoints at the longest path that leads there, of the plugin that it names.</summary>
    private Found? Find(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0)
            return null;
        var (id, rest) = (path[..slash], path[(slash + 1)..]);
        if (engine.Force.Attachments.FirstOrDefault(a => a.Plugin == id) is not { } attachment)
            return null;
        ImmutableArray<Endpoint> there = [.. attachment.Hooks.Endpoints.Handlers.Where(e => Leads(e.Path, rest))];
        if (there.IsEmpty)
            return null;
        var longest = there.Max(e => e.Path.Length);
        var own = there.First(e => e.Path.Length == longest).Path;
        var granted = attachment.Granted?.Endpoints.FirstOrDefault(e => e.Path == own);
        // What it did not ask for is not there.
        return attachment.Granted is not null && granted is null
            ? null
            : new(attachment, [.. there.Where(e => e.Path == own)], granted?.IsPublic == true, rest.Length > own.Length ? rest[(own.Length + 1)..] : "");
    }

    private static bool Leads(string path, string rest) =>
        rest.StartsWith(path, StringComparison.Ordinal) && (rest.Length == path.Length || rest[path.Length] == '/');

    private async Task Run(HttpContext context, Found found, Endpoint endpoint, Actor actor)
    {
        await using var watch = new CallWatch(limit, time, context.RequestAborted);
        var body = new CallBody(context.Request.Body, watch);
        var call = Call(context, found, endpoint, actor, body);
        // A thread of its own: code that blocks holds up nobody else, and can be left behind.
        var answering = Task.Run(() => endpoint.Answer(call, watch.Stop).AsTask(), CancellationToken.None);
        try
        {
            if (!await watch.Ends(answering))
                throw LeftBehind(answering);
            var answer = await answering;
            PluginAnswer.Begin(context.Response, answer);
            if (PluginAnswer.HasBody(answer) && !HttpMethods.IsHead(context.Request.Method))
                await Send(context, answer, watch);
            found.Attachment.Health.Succeeded(What(found.Attachment, endpoint));
        }
        catch (Exception e)
        {
            await Fail(context, found.Attachment, endpoint, e, body, watch);
        }
    }

    private static async Task Send(HttpContext context, HttpAnswer answer, CallWatch watch)
    {
        if (answer.Write is not { } write)
        {
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
            return;
        }
        var target = new AnswerBody(context.Response.Body, watch);
        watch.Again();
        var writing = Task.Run(() => write(target, watch.Stop).AsTask(), CancellationToken.None);
        if (!await watch.Ends(writing))
            throw LeftBehind(writing);
        await writing;
    }

    private HttpCall Call(HttpContext context, Found found, Endpoint endpoint, Actor actor, CallBody body)
    {
        var request = context.Request;
        var isHead = HttpMethods.IsHead(request.Method) && !endpoint.Methods.Contains("HEAD");
        return new(
            isHead ? "GET" : request.Method.ToUpperInvariant(),
            found.Rest,
            request.Query.ToImmutableDictionary(q => q.Key, q => Texts(q.Value), StringComparer.Ordinal),
            request.Headers.Where(h => !Signs(h.Key)).ToImmutableDictionary(h => h.Key, h => Texts(h.Value), StringComparer.OrdinalIgnoreCase),
            body,
            actor,
            found.Attachment.Narrow(engine.As(actor), () => engine.Model),
            RefusedRequest.Language(request));
    }

    /// <summary>Answers that it did not work, and counts it against the plugin where it is the plugin's fault.</summary>
    private async Task Fail(HttpContext context, Attachment attachment, Endpoint endpoint, Exception failure, CallBody body, CallWatch watch)
    {
        var what = What(attachment, endpoint);
        var isLate = failure is TimeoutException && watch.IsLost || failure is OperationCanceledException && watch.IsLate;
        if (watch.IsLost)
            attachment.Health.Hung(what, watch.Limit);
        // When nobody is there any more to read an answer, whatever failed may have failed for that.
        if (context.RequestAborted.IsCancellationRequested)
            return;
        if (body.Fault is { } fault)
            await Refuse(context, () => RefusedRequest.Answer(context, fault.StatusCode, [.. CallBody.Told(fault).Faults]));
        else if (failure is Problem problem && problem.Faults.All(f => f.Code != ProblemCode.Internal))
        {
            attachment.Health.Succeeded(what);
            await Refuse(context, () => RefusedRequest.Answer(context, problem.Faults));
        }
        else
        {
            if (!watch.IsLost)
                attachment.Health.Failed(what, failure);
            var trace = Activity.Current?.TraceId.ToHexString() ?? ActivityTraceId.CreateRandom().ToHexString();
            log.LogError(failure, "Plugin {Plugin} failed at {Endpoint}; trace {TraceId}", attachment.Plugin, endpoint.Path, trace);
            var told = isLate ? TooLate(attachment.Plugin, watch.Limit, trace) : Failed(attachment.Plugin, trace);
            await Refuse(context, () => RefusedRequest.Answer(context, [told], trace));
        }
    }

    /// <summary>Answers an error in place of what was begun; where that went out already, the connection is broken off.</summary>
    private static async Task Refuse(HttpContext context, Func<Task> answer)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        context.Response.Clear();
        await answer();
    }

    /// <summary>The place at which a plugin fails or not.</summary>
    private static Label What(Attachment attachment, Endpoint endpoint) =>
        Label.Of($"L'adresse {Root}{attachment.Plugin}/{endpoint.Path}", $"The endpoint {Root}{attachment.Plugin}/{endpoint.Path}");

    private static TimeoutException LeftBehind(Task work)
    {
        // Whatever it ends with some day is no news.
        _ = work.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return new();
    }

    private static Fault Failed(string plugin, string trace) => new(ProblemCode.Internal, Label.Of(
        $"Le module {plugin} a échoué ; c'est journalisé sous {trace}.", $"Plugin {plugin} failed; it is logged as {trace}."));

    private static Fault TooLate(string plugin, TimeSpan limit, string trace) => new(ProblemCode.Unavailable, Label.Of(
        $"Le module {plugin} n'a pas répondu en {limit.TotalSeconds:0.###} secondes ; c'est journalisé sous {trace}.",
        $"Plugin {plugin} did not answer within {limit.TotalSeconds:0.###} seconds; it is logged as {trace}."));

    private static Fault SwitchedOff(Attachment attachment, Label reason, Actor actor) => new(ProblemCode.Unavailable, actor.Roles.Contains(Role.Administrator)
        ? Label.Of($"Le module {attachment.Plugin} est arrêté : {reason.Fr}", $"Plugin {attachment.Plugin} is switched off: {reason.En}")
        : Label.Of($"Le module {attachment.Plugin} est arrêté. Adressez-vous à l'administrateur.", $"Plugin {attachment.Plugin} is switched off. Turn to the administrator."));

    private static bool Signs(string header) => header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || header.Equals("Cookie", StringComparison.OrdinalIgnoreCase);

    private static ImmutableArray<string> Texts(Microsoft.Extensions.Primitives.StringValues values) => [.. values.Select(v => v ?? "")];

    /// <summary>The endpoints of a plugin at a path.</summary>
    /// <param name="Rest">What comes behind the path.</param>
    private sealed record Found(Attachment Attachment, ImmutableArray<Endpoint> Endpoints, bool IsPublic, string Rest)
    {
        public IEnumerable<string> Methods => Endpoints.SelectMany(e => e.Methods).SelectMany(m => m == "GET" ? new[] { "GET", "HEAD" } : [m]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

        /// <summary>The one that knows a method; null when none does.</summary>
        public Endpoint? For(string method) =>
            Endpoints.FirstOrDefault(e => e.Methods.Contains(method.ToUpperInvariant()))
            ?? (HttpMethods.IsHead(method) ? Endpoints.FirstOrDefault(e => e.Methods.Contains("GET")) : null);
    }
}
