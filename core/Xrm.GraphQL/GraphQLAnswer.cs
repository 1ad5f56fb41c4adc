using Xrm.GraphQL.Running;
using Xrm.Sdk;

namespace Xrm.GraphQL;

/// <summary>An answer, ready to be sent. It owns pooled memory: dispose of it when it is sent.</summary>
internal sealed class GraphQLAnswer : IDisposable
{
    private readonly AnswerBuffer _buffer;

    internal GraphQLAnswer(AnswerBuffer buffer, ProblemCode? refusal)
    {
        _buffer = buffer;
        Refusal = refusal;
    }

    /// <summary>The JSON in UTF-8; not to be used after disposal.</summary>
    public ReadOnlyMemory<byte> Body => _buffer.Memory;

    /// <summary>Of an answer of errors only, the list of them; not to be used after disposal.</summary>
    public ReadOnlyMemory<byte> Errors => Body["{\"errors\":".Length..^1];

    /// <summary>Why nothing was run; null when there is a <c>data</c> entry, which may be null and have errors beside it.</summary>
    public ProblemCode? Refusal { get; }

    /// <summary>Whether a mutation came by a way that may only read.</summary>
    public bool IsMutationRefused { get; internal set; }

    /// <summary>An answer of errors only.</summary>
    public static GraphQLAnswer Of(IReadOnlyList<AnswerError> errors, string language)
    {
        var buffer = new AnswerBuffer();
        buffer.Write((byte)'{');
        ErrorWriter.Write(buffer, errors, language);
        buffer.Write((byte)'}');
        return new(buffer, errors[0].Fault.Code);
    }

    /// <summary>An answer of one error.</summary>
    public static GraphQLAnswer Of(ProblemCode code, Label message, string language, string? rule = null) => Of(AnswerError.Of(new Problem(code, message, null, rule)), language);

    public void Dispose() => _buffer.Dispose();
}
