using System.Collections;
using System.Text.Json;
using Xrm.Core.Storage;
using Xrm.GraphQL.Plans;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Writes facts as JSON.</summary>
internal sealed class FactWriter(AnswerBuffer buffer, FactContext context)
{
    /// <summary>Writes what is wanted of a fact, or of each of several; null as null.</summary>
    public void Write(object? fact, FactPlan plan)
    {
        if (fact is null)
        {
            buffer.WriteNull();
            return;
        }
        if (fact is IEnumerable items)
        {
            Items(items, plan);
            return;
        }
        buffer.Write((byte)'{');
        for (var i = 0; i < plan.Fields.Length; i++)
        {
            var field = plan.Fields[i];
            if (i > 0)
                buffer.Write((byte)',');
            buffer.Write(field.Key);
            if (field.Get is null)
                buffer.Write(field.Constant);
            else if (field.Object is null)
                Leaf(buffer, field.Get(fact, context));
            else
                Write(field.Get(fact, context), field.Object);
        }
        buffer.Write((byte)'}');
    }

    private void Items(IEnumerable items, FactPlan plan)
    {
        buffer.Write((byte)'[');
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst)
                buffer.Write((byte)',');
            isFirst = false;
            Write(item, plan);
        }
        buffer.Write((byte)']');
    }

    /// <summary>Writes a value in the CLR form of some shape, or several.</summary>
    public static void Leaf(AnswerBuffer buffer, object? value)
    {
        switch (value)
        {
            case null:
                buffer.WriteNull();
                break;
            case string text:
                buffer.WriteText(text);
                break;
            case bool yes:
                buffer.WriteBoolean(yes);
                break;
            case int number:
                buffer.WriteInteger(number);
                break;
            case long number:
                buffer.WriteInteger(number);
                break;
            case decimal number:
                buffer.Write(JsonValue.Write(Shape.Decimal, number));
                break;
            case DateOnly day:
                buffer.WriteDay(day);
                break;
            case DateTimeOffset at:
                buffer.WriteMoment(at);
                break;
            case TimeSpan length:
                buffer.Write(JsonValue.Write(Shape.Duration, length));
                break;
            case EntityId id:
                buffer.WriteId(id.Value);
                break;
            case JsonElement json:
                buffer.Write(JsonValue.Write(Shape.Json, json));
                break;
            case IEnumerable items:
                buffer.Write((byte)'[');
                var isFirst = true;
                foreach (var item in items)
                {
                    if (!isFirst)
                        buffer.Write((byte)',');
                    isFirst = false;
                    Leaf(buffer, item);
                }
                buffer.Write((byte)']');
                break;
            default:
                throw new ArgumentException($"{value.GetType()} has no form in an answer.", nameof(value));
        }
    }
}
