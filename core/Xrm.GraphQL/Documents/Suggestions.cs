using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.GraphQL.Documents;

/// <summary>The names that the library's rules offer for one that is wrong: from them the schema could be read by who may not ask for it.</summary>
internal static class Suggestions
{
    private const string Begin = " Did you mean ";

    public static ImmutableArray<AnswerError> TakenOut(ImmutableArray<AnswerError> errors) =>
        [.. errors.Select(e => e with { Fault = e.Fault with { Message = Label.Of(Without(e.Fault.Message.Fr), Without(e.Fault.Message.En)) } })];

    private static string Without(string message) => message.IndexOf(Begin, StringComparison.Ordinal) is var at and >= 0 ? message[..at] : message;
}
