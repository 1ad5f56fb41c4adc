using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary>Options of a file format, which only the format knows.</summary>
internal static class FormatArguments
{
    /// <summary><c>--name value</c> and <c>--name=value</c>, as many as there are.</summary>
    /// <exception cref="Problem">Invalid: something else stands there.</exception>
    public static JsonObject Read(IReadOnlyList<string> tokens)
    {
        var options = new JsonObject();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var equals = token.IndexOf('=', StringComparison.Ordinal);
            if (token.StartsWith("--", StringComparison.Ordinal) && equals > 2)
                options[token[2..equals]] = token[(equals + 1)..];
            else if (token.StartsWith("--", StringComparison.Ordinal) && token.Length > 2 && i + 1 < tokens.Count)
                options[token[2..]] = tokens[++i];
            else
                throw new Problem(ProblemCode.Invalid, Label.Of($"« {token} » n'est pas compris ici.", $"\"{token}\" is not understood here."), token, Terminal.Usage);
        }
        return options;
    }
}
