using Xrm.Core;
using Xrm.Core.Running;
using Xrm.GraphQL.Running;
using Xrm.GraphQL.Schemas;
using Xrm.Sdk;

namespace Xrm.GraphQL;

/// <summary>Answers GraphQL requests with one engine. All members may be used from several threads at once.</summary>
internal sealed class GraphQLService
{
    private readonly Engine _engine;
    private readonly GraphQLOptions _options;
    private readonly CursorSeal _seal;
    private readonly Derivation<GraphSchema> _schema;

    public GraphQLService(Engine engine, GraphQLOptions options)
    {
        _engine = engine;
        _options = options;
        if (options.CursorKey.Length < 16)
            throw new ArgumentException("The key of cursors has 16 bytes at least.", nameof(options));
        _seal = new(options.CursorKey);
        _schema = engine.Derive(force => new GraphSchema(force.Model, force.Attachments, options.Limits, options.Administration));
    }

    public GraphQLLimits Limits => _options.Limits;

    /// <summary>The schema of the model in force, in the schema definition language.</summary>
    public string SchemaText => SchemaOf(_engine.Force).Text;

    /// <summary>Answers a request; what goes wrong is in the answer.</summary>
    /// <param name="language">In which messages are: French for any but English.</param>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<GraphQLAnswer> Execute(GraphQLRequest request, Actor actor, string language, CancellationToken cancellation)
    {
        if (actor.Id == Actor.Anonymous.Id)
            return GraphQLAnswer.Of(ProblemCode.Unauthenticated, Label.Of("Connectez-vous d'abord.", "Sign in first."), language);
        using var time = new CancellationTokenSource(_options.Limits.Time, _options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            return await Answer(request, actor, language, time, both.Token);
        }
        catch (Refusal refusal)
        {
            return GraphQLAnswer.Of(refusal.Errors, language);
        }
        catch (FieldProblem field)
        {
            return GraphQLAnswer.Of(AnswerError.Of(field.Problem, field.Place.Path, [field.Place.Place]), language);
        }
        catch (Problem problem)
        {
            return GraphQLAnswer.Of(AnswerError.Of(problem), language);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            var seconds = _options.Limits.Time.TotalSeconds;
            return GraphQLAnswer.Of(ProblemCode.Limit, Label.Of($"La requête a dépassé {seconds:0.###} s.", $"The request took longer than {seconds:0.###} s."), language, "time");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return GraphQLAnswer.Of([InternalError.Told(e, _options.Log)], language);
        }
    }

    private async ValueTask<GraphQLAnswer> Answer(GraphQLRequest request, Actor actor, string language, CancellationTokenSource time, CancellationToken cancellation)
    {
        using var reader = _engine.Read(actor);
        var document = await SchemaOf(reader.Force).Documents.Get(request.Query);
        var operation = document.Operation(request.OperationName);
        if (operation.IsMutation && request.IsReadOnly)
        {
            var refused = GraphQLAnswer.Of(ProblemCode.Invalid, Label.Of("Une mutation s'envoie par POST.", "A mutation is sent by POST."), language, "method");
            refused.IsMutationRefused = true;
            return refused;
        }
        var variables = operation.ReadVariables(request.Variables);
        var run = new Run(operation, operation.Plan(variables, _options.Limits), variables, language, _options.Log) { Explains = request.Explains && actor.IsAdministrator };
        if (actor.IsAdministrator && run.Plan.Roots.Any(r => r.Meaning is Meaning.ChangePlugin or Meaning.ChangeField))
            time.CancelAfter(Timeout.InfiniteTimeSpan);
        if (operation.IsMutation)
            return await new MutationRun(run, _engine, actor, this, _seal, _options, cancellation).Answer(reader);
        var query = new QueryRun(run, reader, _seal, _options.Limits, cancellation);
        var begun = _options.Time.GetTimestamp();
        try
        {
            return await query.Answer();
        }
        finally
        {
            // Also what was cut off by the time limit; the state it ran on is still held.
            if (_options.Slow >= TimeSpan.Zero && _options.Time.GetElapsedTime(begun) is var took && took >= _options.Slow)
                SlowQuery.Tell(_options.Log, operation, actor, took, query);
        }
    }

    /// <summary>The schema of what is in force, swapped with it.</summary>
    internal GraphSchema SchemaOf(Force force) => force.Get(_schema);
}
