using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Xrm.Core.Running;
using Xrm.GraphQL.Documents;

namespace Xrm.GraphQL.Running;

/// <summary>
/// Answers to lists that were asked for more than once of one state of the data: who asks the same again, before anything at all is written, is told the
/// same bytes (decision 0089). Of one schema; all members may be used from several threads at once.
/// </summary>
internal sealed class KeptAnswers
{
    /// <summary>An answer that is longer, its question's variables included, is not kept.</summary>
    public const int LargestSize = 64 * 1024;

    /// <summary>So many bytes of answers and variables are kept; with one more all begin anew.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>A power of two. Two questions of one place drive one another out.</summary>
    private const int Places = 512;

    private volatile State? _state;

    /// <summary>How many bytes are kept.</summary>
    public int Bytes => _state?.Bytes ?? 0;

    /// <summary>The answer, if it is kept.</summary>
    /// <param name="budget">Of a batch, charged as if it were read; null = none.</param>
    /// <exception cref="Refusal">The budget has not that much left.</exception>
    public GraphQLAnswer? Find(in Question question, CostBudget? budget)
    {
        if (_state is not { } state || !state.IsOf(question.Reader))
            return null;
        if (Volatile.Read(ref state.Place(question.Hash)) is not { Body: { } body } entry || !entry.Answers(question))
            return null;
        budget?.Take(entry.Cost);
        var buffer = new AnswerBuffer();
        buffer.Write(body);
        return new(buffer, null);
    }

    /// <summary>Takes note of a question, and keeps its answer when it was noted before.</summary>
    /// <param name="answer">Without errors.</param>
    /// <param name="cost">What a batch is charged for it.</param>
    public void Keep(in Question question, GraphQLAnswer answer, long cost)
    {
        // Variables are whatever a client sends, needed or not.
        if (answer.Body.Length + question.Variables.Length > LargestSize)
            return;
        var state = _state;
        if (state is null || !state.IsOf(question.Reader))
        {
            // A request that began before the last write has nothing that anybody will ask for again.
            if (state?.IsAfter(question.Reader) == true)
                return;
            _state = state = new(question.Reader);
        }
        ref var place = ref state.Place(question.Hash);
        var known = Volatile.Read(ref place);
        if (known?.Hash != question.Hash)
            Volatile.Write(ref place, new() { Hash = question.Hash });
        else if (known.Body is null || !known.Answers(question))
        {
            var entry = Entry.Of(question, answer, cost);
            Volatile.Write(ref place, entry);
            if (state.Add(entry.Size - known.Size) > MostBytes)
                _state = new(question.Reader);
        }
    }

    /// <summary>What is kept of one state of the data on one day.</summary>
    private sealed class State(Reader reader)
    {
        private readonly Entry?[] _entries = new Entry?[Places];
        private readonly long _block = reader.Block;
        private readonly DateOnly _today = reader.Today;
        private int _bytes;

        public int Bytes => _bytes;

        public bool IsOf(Reader other) => other.Block == _block && other.Today == _today;

        public bool IsAfter(Reader other) => other.Block < _block || other.Block == _block && other.Today < _today;

        public ref Entry? Place(int hash) => ref _entries[hash & (Places - 1)];

        public int Add(int bytes) => Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>A question that was asked, with its answer from the second time on.</summary>
    private sealed class Entry
    {
        private Operation? _operation;
        private string _actor = "";
        private ImmutableArray<string> _roles = [];
        private string _language = "";
        private byte[] _variables = [];

        public required int Hash { get; init; }
        public byte[]? Body { get; private init; }
        public long Cost { get; private init; }
        public int Size => (Body?.Length ?? 0) + _variables.Length;

        public static Entry Of(in Question question, GraphQLAnswer answer, long cost) => new()
        {
            Hash = question.Hash,
            Body = answer.Body.ToArray(),
            Cost = cost,
            _operation = question.Operation,
            _actor = question.Reader.Actor.Id,
            _roles = question.Reader.Actor.Roles,
            _language = question.Language,
            _variables = question.Variables.ToArray(),
        };

        public bool Answers(in Question question) =>
            question.Operation == _operation && question.Reader.Actor.Id == _actor && question.Reader.Actor.Roles.AsSpan().SequenceEqual(_roles.AsSpan())
            && question.Language == _language && question.Variables.SequenceEqual(_variables);
    }
}

/// <summary>All that an answer depends on, but for what the reader reads.</summary>
internal readonly struct Question
{
    private readonly JsonElement _variables;

    /// <param name="reader">The state that is asked, and who asks.</param>
    /// <param name="variables">As they were sent: an object, or null or undefined for none.</param>
    public Question(Operation operation, Reader reader, string language, JsonElement variables)
    {
        (Operation, Reader, Language, _variables) = (operation, reader, language, variables);
        var hash = new HashCode();
        hash.Add(operation);
        hash.Add(reader.Actor.Id);
        hash.AddBytes(Variables);
        Hash = hash.ToHashCode();
    }

    public Operation Operation { get; }
    public Reader Reader { get; }
    public string Language { get; }
    public int Hash { get; }

    /// <summary>Their JSON; empty = there are none.</summary>
    public ReadOnlySpan<byte> Variables => _variables.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? default : JsonMarshal.GetRawUtf8Value(_variables);
}
