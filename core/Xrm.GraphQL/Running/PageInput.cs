using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Plans;
using Xrm.GraphQL.Documents;
using Xrm.GraphQL.Plans;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Reads what is asked of a page: its order, its size and where it begins. Each throws a problem for what cannot be.</summary>
internal static class PageInput
{
    public static readonly Label ForeignCursor = Label.Of(
        "Ce curseur n'est pas de cette liste, avec cet ordre et ce filtre.",
        "This cursor is not of this list with this order and filter.");

    /// <summary>The place that a cursor names; null for none.</summary>
    /// <param name="keys">How many keys the order has.</param>
    public static SortPosition? Position(string? cursor, CursorScope of, int keys, string argument, CursorSeal seal)
    {
        if (cursor is null)
            return null;
        var position = seal.Open(of.Text, cursor);
        return position?.Keys.Length == keys
            ? position
            : throw new Problem(ProblemCode.Invalid, ForeignCursor, argument, "cursor");
    }

    /// <exception cref="Refusal">Limit: it asks for too many.</exception>
    public static int? Size(object? given, string argument, GraphQLLimits limits)
    {
        if (given is not int size)
            return null;
        if (size < 0)
            throw new Problem(ProblemCode.Invalid, Label.Of($"« {argument} » ne peut pas être négatif ({size}).", $"\"{argument}\" cannot be negative ({size})."), argument, "page");
        return size <= limits.PageSize
            ? size
            : throw Refusal.Limit($"« {argument} » demande {size} éléments ; {limits.PageSize} au plus sont admis.", $"\"{argument}\" asks for {size} items; at most {limits.PageSize} are allowed.", "pageSize", limits.PageSize, size, default, argument);
    }

    public static int Offset(Arguments arguments, IReadOnlyDictionary<string, object?> variables)
    {
        if (arguments.Get("offset", variables) is not int offset)
            return 0;
        if (offset < 0)
            throw new Problem(ProblemCode.Invalid, Label.Of($"« offset » ne peut pas être négatif ({offset}).", $"\"offset\" cannot be negative ({offset})."), "offset", "page");
        foreach (var other in (string[])["after", "last", "before"])
            if (arguments.Get(other, variables) is not null)
                throw new Problem(ProblemCode.Invalid, Label.Of(
                    $"« offset » compte depuis le début de la liste : donnez-le avec « first », sans « {other} ».",
                    $"\"offset\" counts from the start of the list: give it with \"first\", without \"{other}\"."), "offset", "page");
        return offset;
    }

    public static ImmutableArray<Sort> Order(object?[] given, ModelType type)
    {
        var order = ImmutableArray.CreateBuilder<Sort>(given.Length);
        foreach (var one in given)
            if (one is InputObject { Fields: var fields })
                foreach (var (name, value) in fields)
                    if (value is not null)
                        order.Add(new(type.ByName[name], (string)value == "DESC"));
        return order.DrainToImmutable();
    }
}
