using System.Text.Json;
using Xrm.Core;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Running;
using Xrm.Sdk;

namespace Xrm.GraphQL.Subscriptions;

/// <summary>A subscription that has begun. It tells one event each time it is asked, so that nothing is kept for a client that does not take what it is sent. Not for several threads at once.</summary>
/// <remarks>
/// Between two looks at the data it keeps its text, its variables and its place in the log, and nothing that was made of a model: an open
/// subscription holds no plugin's code. Methods that hold a reader end before anything is waited for, since their variables live as long as they do.
/// </remarks>
internal sealed class Subscription : IDisposable
{
    private readonly Engine _engine;
    private readonly GraphQLService _service;
    private readonly GraphQLOptions _options;
    private readonly CursorSeal _seal;
    private readonly string _text;
    private readonly string? _operation;
    private readonly JsonElement _variables;
    private readonly Func<Actor> _who;
    private readonly string _language;
    private readonly Told _told = new();
    private IFeed? _feed;
    private Actor _actor = Actor.Anonymous;
    private Cursor? _model;
    private DateOnly _today;
    private Task? _news;
    private bool _isAnew;

    /// <param name="who">Who it is for; asked before each event.</param>
    internal Subscription(Engine engine, GraphQLService service, GraphQLOptions options, CursorSeal seal, GraphQLRequest request, Func<Actor> who, string language)
    {
        (_engine, _service, _options, _seal, _who, _language) = (engine, service, options, seal, who, language);
        (_text, _operation) = (request.Query, request.OperationName);
        _variables = request.Variables.ValueKind == JsonValueKind.Undefined ? default : request.Variables.Clone();
    }

    private StreamLimits Limits => _options.Limits.Streams;

    /// <summary>Looks for the first time.</summary>
    /// <exception cref="Refusal">It cannot be run; so for each exception that <see cref="AnswerError"/> tells.</exception>
    internal async ValueTask Begin(CancellationToken cancellation)
    {
        Resolve();
        await Look(cancellation);
    }

    /// <summary>The next event, as soon as there is one.</summary>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<SubscriptionEvent> Next(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                Resolve();
                if (_told.Next() is { } body)
                    return new(body, null);
                if (!await Look(cancellation))
                    await News(cancellation);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new(default, GraphQLAnswer.Of(AnswerError.Of(e, _options.Log), _language));
        }
    }

    public void Dispose() => _told.Clear();

    /// <summary>Finds out who it is for by now. What was made ready with other rights, or by another model, is dropped.</summary>
    private void Resolve()
    {
        var actor = _who();
        if (actor.Id == Actor.Anonymous.Id)
            throw new Problem(ProblemCode.Unauthenticated, Label.Of(
                "La session ou le jeton de cet abonnement n'est plus valable. Connectez-vous de nouveau.",
                "The session or token of this subscription is no longer valid. Sign in again."), rule: "signIn");
        if (actor.Roles.IsEmpty && !_actor.Roles.IsEmpty)
            throw new Problem(ProblemCode.Forbidden, Label.Of("Vous n'avez plus aucun profil.", "You no longer have any role."), rule: "roles");
        var isSame = ReferenceEquals(actor, _actor) || actor.Id == _actor.Id && actor.Roles.AsSpan().SequenceEqual(_actor.Roles.AsSpan());
        _actor = actor;
        if (isSame && _model == _engine.Log.LastModel && _today == _engine.Today)
            return;
        _isAnew = true;
        if (_told.IsEmpty)
            return;
        _told.Clear();
        _feed!.GoBack();
    }

    /// <summary>Looks at one state of the data and makes ready what there is to tell.</summary>
    /// <returns>False when the end of the log was reached and nothing is told.</returns>
    private async ValueTask<bool> Look(CancellationToken cancellation)
    {
        var model = _engine.Log.LastModel;
        if (model != _model)
            // It is in the log just before it is in force.
            await _engine.Settled(cancellation);
        var isFirst = _model is null;
        _model = model;
        using var time = new CancellationTokenSource(_options.Limits.Time, _options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            return await Look(isFirst, both.Token);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw Refusal.Time(_options.Limits);
        }
    }

    private async ValueTask<bool> Look(bool isFirst, CancellationToken cancellation)
    {
        // What is in the log by now is in the state that is taken next.
        var head = _engine.Log.Head;
        using var reader = _engine.Read(_actor);
        var run = await Compile(reader.Force, isFirst);
        using var buffer = run.Buffer;
        _feed ??= Feed.Of(run, _seal, _options.Limits);
        var look = new FeedLook(run, reader, _engine.Log, _model!.Value, head, _told) { IsAnew = _isAnew };
        _today = reader.Today;
        _isAnew = false;
        var isMore = await _feed.Look(look, cancellation);
        if (_told.IsEmpty)
            _told.Clear();
        return isMore;
    }

    /// <summary>The operation on the model in force.</summary>
    private async ValueTask<Run> Compile(Core.Running.Force force, bool isFirst)
    {
        try
        {
            var document = await _service.SchemaOf(force).Documents.Get(_text);
            var operation = document.Operation(_operation);
            var variables = operation.ReadVariables(_variables);
            return new(operation, operation.Plan(variables, _options.Limits), variables, _language, _options.Log);
        }
        catch (Refusal refusal) when (!isFirst)
        {
            throw new Refusal([.. AnswerError.Of(new Problem(ProblemCode.Invalid, Label.Of(
                "Le modèle a changé, et cet abonnement n'y est plus valable.",
                "The model changed, and this subscription is no longer valid in it."), rule: "model")), .. refusal.Errors]);
        }
    }

    /// <summary>Waits until something is written, or it is time to see whether the actor still may.</summary>
    private async ValueTask News(CancellationToken cancellation)
    {
        // One wait is gone on with as long as nothing comes: each leaves something behind in the log until it ends.
        _news ??= _engine.Log.Beyond(_feed!.Place, cancellation);
        await _news.WaitAsync(Limits.Pulse, _options.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        if (_news.IsCompleted)
            _news = null;
    }
}

/// <summary>What a subscription tells.</summary>
/// <param name="Body">The JSON of one event, data and errors; valid until the next is asked for.</param>
/// <param name="End">Why there is none and none will come; otherwise null.</param>
internal readonly record struct SubscriptionEvent(ReadOnlyMemory<byte> Body, GraphQLAnswer? End);
