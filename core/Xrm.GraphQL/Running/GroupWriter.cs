using System.Collections.Immutable;
using Xrm.Core.Plans;
using Xrm.Core.Storage;
using Xrm.GraphQL.Plans;
using Xrm.GraphQL.Schemas;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Writes a group, or one kind of its sums.</summary>
internal static class GroupWriter
{
    public static void Write(AnswerBuffer buffer, GroupPlan plan, ImmutableArray<GroupField> fields, Group group, string[] by, SumKind? kind)
    {
        buffer.Write((byte)'{');
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[i];
            if (i > 0)
                buffer.Write((byte)',');
            buffer.Write(field.Key);
            if (field.Constant is not null)
                buffer.Write(field.Constant);
            else if (field.Sums is { } sums)
                Write(buffer, plan, field.Fields, group, by, sums);
            else if (field.Field is null)
                buffer.WriteInteger(group.Count);
            else if (kind is { } which)
                Sum(buffer, group.Sums[plan.Summed.IndexOf(field.Field)], which, field.Field.Shape);
            else if (Array.IndexOf(by, field.Field.Name) is >= 0 and var key && group.Keys[key].Length > 0)
                buffer.Write(group.Keys[key]);
            else
                buffer.WriteNull();
        }
        buffer.Write((byte)'}');
    }

    private static void Sum(AnswerBuffer buffer, Sums sums, SumKind kind, Shape shape)
    {
        var value = kind switch
        {
            SumKind.Sum => sums.Sum,
            SumKind.Min => sums.Min,
            SumKind.Max => sums.Max,
            _ => sums.Count == 0 ? null : sums.Sum / sums.Count,
        };
        if (value is not { } number)
            buffer.WriteNull();
        else if (kind is SumKind.Min or SumKind.Max && shape == Shape.Integer)
            buffer.WriteInteger((long)number);
        else
            buffer.Write(JsonValue.Write(Shape.Decimal, number));
    }
}
