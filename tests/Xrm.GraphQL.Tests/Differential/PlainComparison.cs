using System.Collections;
using System.Text;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>How plain values compare, as literally as the contract says it.</summary>
internal static class PlainComparison
{
    /// <summary>Whether a value compares so with an operand; null is no value, and the operand of In and NotIn is a list.</summary>
    public static bool Holds(object? value, Comparison how, object? operand) => how switch
    {
        Comparison.Equal => Same(value, operand),
        Comparison.NotEqual => !Same(value, operand),
        Comparison.In => ((IEnumerable)operand!).Cast<object?>().Any(o => Same(value, o)),
        Comparison.NotIn => !((IEnumerable)operand!).Cast<object?>().Any(o => Same(value, o)),
        _ when value is null || operand is null => false,
        Comparison.Greater => Compare(value, operand) > 0,
        Comparison.GreaterOrEqual => Compare(value, operand) >= 0,
        Comparison.Less => Compare(value, operand) < 0,
        Comparison.LessOrEqual => Compare(value, operand) <= 0,
        Comparison.Contains => Fold(value).Contains(Fold(operand), StringComparison.Ordinal),
        Comparison.StartsWith => Fold(value).StartsWith(Fold(operand), StringComparison.Ordinal),
        _ => Fold(value).EndsWith(Fold(operand), StringComparison.Ordinal),
    };

    /// <summary>No value last, whichever the direction.</summary>
    public static int Order(object? left, object? right, bool descending)
    {
        if (left is null || right is null)
            return left is null == right is null ? 0 : left is null ? 1 : -1;
        return descending ? Compare(right, left) : Compare(left, right);
    }

    public static int Compare(object left, object right)
    {
        if (left is not string text)
            return ((IComparable)left).CompareTo(right);
        var byFold = Utf8(Fold(text)).AsSpan().SequenceCompareTo(Utf8(Fold(right)));
        return byFold != 0 ? byFold : Utf8(text).AsSpan().SequenceCompareTo(Utf8((string)right));
    }

    private static bool Same(object? value, object? operand) => value is null ? operand is null : value.Equals(operand);

    private static string Fold(object text) => TextKey.Fold((string)text);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
