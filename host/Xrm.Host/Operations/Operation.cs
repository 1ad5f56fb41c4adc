using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Something that whoever runs the host can ask of the data, from a command without a host or through the socket of one that serves: the same code either way.</summary>
/// <param name="Name">As in <c>/operator/&lt;name&gt;</c>.</param>
/// <param name="Run">Answers the result; what it was asked for wrongly it tells with a <see cref="Problem"/>.</param>
internal sealed record Operation(string Name, Func<OperationRun, CancellationToken, Task<JsonObject>> Run)
{
    /// <summary>Whether it handles whole files or all of the data.</summary>
    public bool IsLarge { get; init; }

    /// <summary>All there are, by name.</summary>
    public static readonly IReadOnlyDictionary<string, Operation> All = new[]
    {
        new Operation("import", ImportOperation.Run) { IsLarge = true },
        new Operation("export", ExportOperation.Run) { IsLarge = true },
        new Operation("check", CheckOperation.Run) { IsLarge = true },
        new Operation("plugin-list", PluginOperations.List),
        new Operation("plugin-plan", PluginOperations.Plan),
        new Operation("plugin-apply", PluginOperations.Apply),
        new Operation("trust-list", TrustOperations.List),
        new Operation("trust-add", TrustOperations.Add),
        new Operation("trust-remove", TrustOperations.Remove),
        new Operation("token-create", TokenOperations.Create),
        new Operation("token-list", TokenOperations.List),
        new Operation("token-revoke", TokenOperations.Revoke),
        new Operation("user-link", UserOperations.Link),
    }.ToDictionary(o => o.Name, StringComparer.Ordinal);
}

/// <summary>One run of an operation.</summary>
/// <param name="Host">The parts it works with.</param>
/// <param name="Actor">Who asks; an administrator.</param>
/// <param name="Arguments">What was asked, by name.</param>
/// <param name="Input">The file that goes with it, read once; empty when there is none.</param>
/// <param name="Receiver">Told how far it is, and given what it puts out.</param>
internal sealed record OperationRun(Composition Host, Actor Actor, JsonObject Arguments, Stream Input, IReceiver Receiver)
{
    /// <summary>How many bytes the file has, where that is known before it is read.</summary>
    public long? Length { get; init; }

    /// <summary>An argument as text; null when it is not there.</summary>
    public string? Text(string name) => Arguments[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public bool Flag(string name) => Arguments[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public int? Number(string name) => Arguments[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    /// <summary>Texts by name; empty when there are none.</summary>
    public IEnumerable<(string Name, string Value)> Texts(string name) => Arguments[name] is JsonObject texts
        ? texts.Where(t => t.Value is not null).Select(t => (t.Key, t.Value!.GetValue<string>()))
        : [];
}

/// <summary>Whoever waits for an operation.</summary>
internal interface IReceiver
{
    /// <summary>How far it is. Does not wait; of several in a short while only the last may arrive. Any thread.</summary>
    void Progress(ImportProgress progress);

    /// <summary>Some of what the operation puts out, UTF-8, in order; characters are never cut.</summary>
    ValueTask Data(ReadOnlyMemory<byte> utf8, CancellationToken cancellation);

    /// <summary>The same of what is no text; bytes may be cut anywhere.</summary>
    ValueTask Bytes(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);
}

/// <summary>Tells a receiver how far a plugin's code is.</summary>
/// <remarks><see cref="Progress{T}"/> would tell it later and out of order, by way of the thread pool.</remarks>
internal sealed class ReceiverProgress(IReceiver receiver) : IProgress<ImportProgress>
{
    public void Report(ImportProgress value) => receiver.Progress(value);
}
