using System.Collections.Immutable;
using Xrm.Core;
using Xrm.Core.Running;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Running;
using Xrm.GraphQL.Schemas;
using Xrm.GraphQL.Subscriptions;
using Xrm.Sdk;

namespace Xrm.GraphQL;

/// <summary>Answers GraphQL requests with one engine. All members may be used from several threads at once.</summary>
internal sealed class GraphQLService
{
    private readonly Engine _engine;
    private readonly GraphQLOptions _options;
    private readonly CursorSeal _seal;
    private readonly KnownDocuments _documents;
    private readonly Derivation<GraphSchema> _schema;
    /// <summary>Of a request that is over.</summary>
    private CancellationTokenSource? _spare;

    public GraphQLService(Engine engine, GraphQLOptions options)
    {
        _engine = engine;
        _options = options;
        if (options.CursorKey.Length < 16)
            throw new ArgumentException("The key of cursors has 16 bytes at least.", nameof(options));
        _seal = new(options.CursorKey);
        _documents = new(options.Documents);
        _schema = engine.Derive(force => new GraphSchema(force.Model, force.Attachments, options.Limits, options.Administration, options.NameOf));
    }

    public GraphQLLimits Limits => _options.Limits;

    /// <summary>By which the time of requests is measured.</summary>
    public TimeProvider Time => _options.Time;

    /// <summary>The schema of the model in force, in the schema definition language.</summary>
    public string SchemaText => SchemaOf(_engine.Force).Text;

    /// <summary>Makes, on another thread, what the first request would have to wait for: the schema of what is in force, and what every document is read and checked with. What goes wrong is told to that request.</summary>
    public void MakeReady() => _ = Task.Run(() => SchemaOf(_engine.Force).Documents.Get("{ __typename }").AsTask());

    /// <summary>Answers a request; what goes wrong is in the answer.</summary>
    /// <param name="language">In which messages are: French for any but English.</param>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<GraphQLAnswer> Execute(GraphQLRequest request, Actor actor, string language, CancellationToken cancellation)
    {
        if (actor.Id == Actor.Anonymous.Id)
            return GraphQLAnswer.Of(ProblemCode.Unauthenticated, Label.Of("Connectez-vous d'abord.", "Sign in first."), language);
        var time = Interlocked.Exchange(ref _spare, null) ?? new(Timeout.InfiniteTimeSpan, _options.Time);
        var isLeft = false;
        try
        {
            time.CancelAfter(_options.Limits.Time);
            using var gone = cancellation.UnsafeRegister(static time => ((CancellationTokenSource)time!).Cancel(), time);
            var answering = Answer(_documents.Resolve(request, actor), actor, language, time);
            isLeft = answering.IsCompletedSuccessfully;
            return await answering;
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return GraphQLAnswer.Of(Refusal.Time(_options.Limits).Errors, language);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return GraphQLAnswer.Of(Told(e, actor), language);
        }
        finally
        {
            // Where nothing was waited for, nobody who was called, no plugin above all, can hold its token still.
            if (isLeft && time.TryReset())
                _spare = time;
            else
                time.Dispose();
        }
    }

    /// <summary>Begins a request of a client that stays connected: a subscription goes on, anything else is answered.</summary>
    /// <param name="who">Who asks; of a subscription it is asked again before each event, and <see cref="Actor.Anonymous"/> ends it.</param>
    /// <param name="language">In which messages are: French for any but English.</param>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<GraphQLStart> Begin(GraphQLRequest request, Func<Actor> who, string language, CancellationToken cancellation)
    {
        var actor = who();
        Subscription? subscription = null;
        try
        {
            if (actor.Id == Actor.Anonymous.Id)
                return new(await Execute(request, actor, language, cancellation), null);
            request = _documents.Resolve(request, actor);
            if (!await IsSubscription(request))
                return new(await Execute(request, actor, language, cancellation), null);
            subscription = new Subscription(_engine, this, _options, _seal, request, who, language);
            await subscription.Begin(cancellation);
            return new(null, subscription);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            subscription?.Dispose();
            return new(GraphQLAnswer.Of(Told(e, actor), language), null);
        }
    }

    private async ValueTask<bool> IsSubscription(GraphQLRequest request) =>
        (await SchemaOf(_engine.Force).Documents.Get(request.Query)).Operation(request.OperationName).IsSubscription;

    private async ValueTask<GraphQLAnswer> Answer(GraphQLRequest request, Actor actor, string language, CancellationTokenSource time)
    {
        var cancellation = time.Token;
        using var reader = _engine.Read(actor);
        var schema = SchemaOf(reader.Force);
        var document = await schema.Documents.Get(request.Query);
        _documents.Remember(request);
        var operation = document.Operation(request.OperationName);
        if (operation.IsSubscription)
            throw Refusal.Of(ProblemCode.Invalid,
                "Un abonnement se demande par WebSocket (graphql-transport-ws) ou par Server-Sent Events (Accept: text/event-stream).",
                "A subscription is asked for over a WebSocket (graphql-transport-ws) or by server-sent events (Accept: text/event-stream).", "transport", [document.PlaceOf(operation.Syntax)]);
        if (operation.IsMutation && request.IsReadOnly)
        {
            var refused = GraphQLAnswer.Of(ProblemCode.Invalid, Label.Of("Une mutation s'envoie par POST.", "A mutation is sent by POST."), language, "method");
            refused.IsMutationRefused = true;
            return refused;
        }
        if (operation.IsOfState && !request.Explains && schema.Answers.Find(new(operation, reader, language, request.Variables), request.Budget) is { } kept)
            return kept;
        var variables = operation.ReadVariables(request.Variables);
        var run = new Run(operation, operation.Plan(variables, _options.Limits), variables, language, _options.Log) { Budget = request.Budget, Explains = request.Explains && actor.IsAdministrator };
        if (run.Plan.AsksSchema && !MayReadSchema(actor))
            throw Refusal.Of(ProblemCode.Forbidden, "L'introspection est réservée ici aux administrateurs.", "Introspection is for administrators here.", "introspection", [document.PlaceOf(operation.Syntax)]);
        if (run.Plan.ChangesModel && actor.IsAdministrator)
            time.CancelAfter(Timeout.InfiniteTimeSpan);
        if (operation.IsMutation)
            return await new MutationRun(run, _engine, actor, this, _seal, _options, cancellation).Answer(reader);
        var query = new QueryRun(run, reader, _seal, _options.Limits, cancellation);
        var begun = _options.Time.GetTimestamp();
        try
        {
            var answer = await query.Answer();
            if (run.Plan.IsOfState && !run.Explains && !run.HasErrors)
                schema.Answers.Keep(new(operation, reader, language, request.Variables), answer, query.Cost);
            return answer;
        }
        finally
        {
            // Also what was cut off by the time limit; the state it ran on is still held.
            if (_options.Slow >= TimeSpan.Zero && _options.Time.GetElapsedTime(begun) is var took && took >= _options.Slow)
                SlowQuery.Tell(_options.Log, operation, actor, took, query);
        }
    }

    /// <summary>Whether an actor may ask for the schema.</summary>
    public bool MayReadSchema(Actor actor) => _options.IsSchemaOpen || actor.IsAdministrator;

    private ImmutableArray<AnswerError> Told(Exception thrown, Actor actor)
    {
        var errors = AnswerError.Of(thrown, _options.Log);
        return MayReadSchema(actor) ? errors : Suggestions.TakenOut(errors);
    }

    /// <summary>The schema of what is in force, swapped with it.</summary>
    internal GraphSchema SchemaOf(Force force) => force.Get(_schema);
}

/// <summary>What became of a request of a client that stays connected: one of the two.</summary>
internal readonly record struct GraphQLStart(GraphQLAnswer? Answer, Subscription? Subscription);
