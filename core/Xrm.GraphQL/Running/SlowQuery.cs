using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Xrm.GraphQL.Documents;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Logs a query that took long: what it was, by whom, and how it was run. No value of its variables or its document is told, nor what it answered.</summary>
internal static class SlowQuery
{
    public static void Tell(ILogger log, Operation operation, Actor actor, TimeSpan took, QueryRun query)
    {
        if (!log.IsEnabled(LogLevel.Warning))
            return;
        var document = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(operation.Document.Text)));
        log.LogWarning("Slow query {Operation} of document {Document}: {Milliseconds} ms for {Actor}\n{Plan}",
            operation.Syntax.Name?.StringValue ?? "without a name", document, (long)took.TotalMilliseconds, actor.Id, query.Explain(showsKeys: false));
    }
}
