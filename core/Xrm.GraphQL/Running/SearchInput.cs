using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Search;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Reads what is searched for, and where.</summary>
internal static class SearchInput
{
    /// <summary>How many keys the place of something found has: rank and name.</summary>
    public const int Keys = 2;

    /// <summary>The text of an argument; null when it was not given.</summary>
    /// <exception cref="Problem">Limit: it is too long. Invalid: there is no word in it, so that it asks nothing.</exception>
    public static SearchText? Text(object? given, string argument, GraphQLLimits limits)
    {
        if (given is not string text)
            return null;
        if (text.Length > limits.SearchLength)
            throw new Problem(ProblemCode.Limit, Label.Of(
                $"« {argument} » a {text.Length} caractères ; {limits.SearchLength} au plus sont admis.",
                $"\"{argument}\" has {text.Length} characters; at most {limits.SearchLength} are allowed."), argument, "searchLength");
        var search = SearchText.Of(text);
        if (search.IsEmpty)
            throw new Problem(ProblemCode.Invalid, Label.Of(
                $"« {argument} » ne contient ni lettre ni chiffre : il n'y a rien à chercher.",
                $"\"{argument}\" has neither letter nor digit: there is nothing to search for."), argument, "search");
        if (search.Count > limits.SearchWords)
            throw new Problem(ProblemCode.Limit, Label.Of(
                $"« {argument} » a {search.Count} mots ; {limits.SearchWords} au plus sont admis.",
                $"\"{argument}\" has {search.Count} words; at most {limits.SearchWords} are allowed."), argument, "searchWords");
        return search;
    }

    /// <summary>The types of an argument, each once; all when it was not given.</summary>
    /// <exception cref="Problem">Invalid: one fault for each name that the model does not have.</exception>
    public static ImmutableArray<ModelType> Types(object? given, CompiledModel model)
    {
        if (given is not object?[] names)
            return model.Types;
        var faults = names.Cast<string>().Distinct(StringComparer.Ordinal).Where(n => model.Type(n) is null)
            .Select(n => new Fault(ProblemCode.Invalid, Label.Of($"Le type de fiche {n} n'existe pas.", $"There is no entity type {n}."), "types", "unknown")).ToList();
        return faults.Count > 0 ? throw new Problem(faults) : [.. model.Types.Where(t => names.Contains(t.Name))];
    }
}
