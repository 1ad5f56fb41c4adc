using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Plans;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>One request while it runs: its data and its errors.</summary>
internal sealed class Run
{
    private const string Data = "{\"data\":";
    private List<AnswerError>? _errors;
    private readonly string _language;
    private readonly ILogger _log;
    private bool _isNull;

    public Run(Operation operation, OperationPlan plan, IReadOnlyDictionary<string, object?> variables, string language, ILogger log)
        : this(operation, plan, variables, language, log, new(), null)
    {
    }

    private Run(Operation operation, OperationPlan plan, IReadOnlyDictionary<string, object?> variables, string language, ILogger log, AnswerBuffer buffer, List<AnswerError>? errors)
    {
        (Operation, Plan, Variables, Buffer) = (operation, plan, variables, buffer);
        (_language, _log, _errors) = (language, log, errors);
    }

    public Operation Operation { get; }
    public OperationPlan Plan { get; }
    public IReadOnlyDictionary<string, object?> Variables { get; }
    public AnswerBuffer Buffer { get; }
    /// <summary>Of a batch; null when it is a request of its own.</summary>
    public CostBudget? Budget { get; init; }
    /// <summary>Whether the answer tells how it was come by.</summary>
    public bool Explains { get; init; }

    /// <summary>Whether something is told beside the data so far.</summary>
    public bool HasErrors => _errors is { Count: > 0 };

    private List<AnswerError> Errors => _errors ??= [];

    /// <summary>The same answer, gone on with on another model.</summary>
    public Run On(Operation other, OperationPlan with) => new(other, with, Variables, _language, _log, Buffer, Errors);

    /// <summary>Tells of a field that is null for a reason; the rest of the answer stands.</summary>
    public void Tell(Problem problem, FieldPlace place) => Errors.AddRange(AnswerError.Of(problem, place.Path, [place.Place]));

    /// <summary>Writes the root fields in order; one that fails is null and told beside the data, or takes the whole data with it where it may not be null.</summary>
    /// <param name="writer">What writes.</param>
    /// <param name="write">Has it write the value of a root field.</param>
    /// <param name="isSerial">Whether nothing is done any more after the data is lost.</param>
    /// <param name="explain">What stands in the extensions, asked for at the end; null = there are none.</param>
    public async ValueTask<GraphQLAnswer> Answer<T>(T writer, Func<T, RootPlan, int, ValueTask> write, bool isSerial, Func<string>? explain = null)
    {
        Buffer.Write("{\"data\":"u8);
        Buffer.Write((byte)'{');
        for (var i = 0; i < Plan.Roots.Length; i++)
        {
            if (_isNull && isSerial)
                break;
            var root = Plan.Roots[i];
            if (i > 0)
                Buffer.Write((byte)',');
            Buffer.Write(root.Key);
            var start = Buffer.Length;
            try
            {
                if (root.Constant is not null)
                    Buffer.Write(root.Constant);
                else
                    await write(writer, root, i);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Tell(e, root);
                Buffer.TruncateTo(start);
                Buffer.WriteNull();
                _isNull |= !root.IsNullable;
            }
        }
        Buffer.Write((byte)'}');
        if (_isNull)
        {
            Buffer.TruncateTo(Data.Length);
            Buffer.WriteNull();
        }
        if (HasErrors)
        {
            Buffer.Write((byte)',');
            ErrorWriter.Write(Buffer, Errors, _language);
        }
        if (explain is not null)
        {
            Buffer.Write(",\"extensions\":{\"explain\":"u8);
            Buffer.WriteText(explain());
            Buffer.Write((byte)'}');
        }
        Buffer.Write((byte)'}');
        return new(Buffer, null);
    }

    private void Tell(Exception thrown, RootPlan root)
    {
        switch (thrown)
        {
            case FieldProblem field:
                Tell(field.Problem, field.Place);
                break;
            case Refusal refusal:
                Errors.AddRange(refusal.At(root.Place).Errors);
                break;
            case Problem problem:
                Tell(problem, root.Place);
                break;
            default:
                Errors.Add(InternalError.Told(thrown, _log) with { Path = root.Place.Path, Places = [root.Place.Place] });
                break;
        }
    }
}

/// <summary>Faults of ours: logged in full, told by a trace id alone.</summary>
internal static class InternalError
{
    public static AnswerError Told(Exception thrown, ILogger log)
    {
        var trace = Activity.Current?.TraceId.ToHexString() ?? ActivityTraceId.CreateRandom().ToHexString();
        log.LogError(thrown, "GraphQL request failed; trace {TraceId}", trace);
        return new(new Fault(ProblemCode.Internal, Label.Of(
            $"Une erreur interne est survenue ; elle est journalisée sous {trace}.",
            $"An internal error occurred; it is logged as {trace}.")))
        { TraceId = trace };
    }
}
