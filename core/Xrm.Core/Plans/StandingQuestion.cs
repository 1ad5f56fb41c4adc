using System.Globalization;
using System.Text;
using Xrm.Core.Model;

namespace Xrm.Core.Plans;

/// <summary>Marks in a question that rights ask again and again what depends on a record alone. What depends on relationships, or on another state, stays as it is.</summary>
internal static class StandingQuestion
{
    /// <summary>The same question, with the largest parts marked that ask a record of a type alone; of what must hold together each on its own, since an index may answer it.</summary>
    public static Predicate Of(Predicate question, RecordType type)
    {
        if (question is Predicate.And all)
            return new Predicate.And([.. all.Parts.Select(p => Of(p, type))]);
        var name = new StringBuilder();
        if (TryName(question, name))
            return new Predicate.Standing(type.Ordinal, name.ToString(), question);
        return question switch
        {
            Predicate.Or or => new Predicate.Or([.. or.Parts.Select(p => Of(p, type))]),
            Predicate.Not not => new Predicate.Not(Of(not.Part, type)),
            _ => question,
        };
    }

    // All that decides the answer stands in the name, and each piece tells where it ends: no two questions share one, and one keeps its name from model to model.
    private static bool TryName(Predicate predicate, StringBuilder name) => predicate switch
    {
        Predicate.And and => TryName('&', and.Parts, name),
        Predicate.Or or => TryName('|', or.Parts, name),
        Predicate.Not not => TryName('!', [not.Part], name),
        Predicate.OfType type => Add(name, $"t{string.Join(',', type.Ordinals)};"),
        Predicate.Compare compare => TryName(compare, name),
        _ => false,
    };

    private static bool TryName(char how, IReadOnlyCollection<Predicate> parts, StringBuilder name)
    {
        Add(name, $"{how}{parts.Count};");
        return parts.All(p => TryName(p, name));
    }

    private static bool TryName(Predicate.Compare compare, StringBuilder name)
    {
        var field = compare.Field;
        Add(name, $"{(int)compare.How},{field.Owner.Ordinal},{field.Ordinal},{(int)field.Builtin},{(int)field.Shape},{field.IsMany},{compare.Operands.Length};");
        foreach (var operand in compare.Operands)
        {
            var json = Encoding.UTF8.GetString(operand.Json);
            Add(name, $"{json.Length};{json}");
        }
        return true;
    }

    private static bool Add(StringBuilder name, FormattableString piece)
    {
        name.Append(piece.ToString(CultureInfo.InvariantCulture));
        return true;
    }
}
