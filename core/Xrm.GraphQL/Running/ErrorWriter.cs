using System.Globalization;
using Xrm.Sdk;

namespace Xrm.GraphQL.Running;

/// <summary>Writes the errors of an answer.</summary>
internal static class ErrorWriter
{
    /// <summary>Writes <c>"errors":[...]</c>.</summary>
    /// <param name="language">In which messages are; French for any but English.</param>
    public static void Write(AnswerBuffer buffer, IReadOnlyList<AnswerError> errors, string language)
    {
        buffer.Write("\"errors\":["u8);
        for (var i = 0; i < errors.Count; i++)
        {
            if (i > 0)
                buffer.Write((byte)',');
            Write(buffer, errors[i], language);
        }
        buffer.Write((byte)']');
    }

    private static void Write(AnswerBuffer buffer, AnswerError error, string language)
    {
        var fault = error.Fault;
        buffer.Write("{\"message\":"u8);
        buffer.WriteText(fault.Message.In(language));
        if (!error.Places.IsEmpty)
        {
            buffer.Write(",\"locations\":["u8);
            for (var i = 0; i < error.Places.Length; i++)
            {
                buffer.Write(i > 0 ? ",{\"line\":"u8 : "{\"line\":"u8);
                buffer.WriteInteger(error.Places[i].Line);
                buffer.Write(",\"column\":"u8);
                buffer.WriteInteger(error.Places[i].Column);
                buffer.Write((byte)'}');
            }
            buffer.Write((byte)']');
        }
        if (!error.Path.IsEmpty)
        {
            buffer.Write(",\"path\":"u8);
            FactWriter.Leaf(buffer, error.Path);
        }
        buffer.Write(",\"extensions\":{\"code\":"u8);
        buffer.WriteText(error.Code ?? Schemas.Names.Upper(fault.Code.ToString()));
        Pair("field", fault.Field);
        Pair("rule", fault.Rule);
        Number("limit", error.Limit?.Most);
        Number("figure", error.Limit?.Figure);
        Pair("edit", fault.Edit);
        Pair("traceId", error.TraceId);
        if (!fault.Conflicts.IsEmpty)
        {
            buffer.Write(",\"conflicts\":["u8);
            for (var i = 0; i < fault.Conflicts.Length; i++)
            {
                var conflict = fault.Conflicts[i];
                buffer.Write(i > 0 ? ",{\"field\":"u8 : "{\"field\":"u8);
                buffer.WriteText(conflict.Field);
                Pair("base", conflict.Base, always: true);
                Pair("theirs", conflict.Theirs, always: true);
                Pair("yours", conflict.Yours, always: true);
                buffer.Write((byte)'}');
            }
            buffer.Write((byte)']');
        }
        buffer.Write("}}"u8);

        void Number(string name, long? value)
        {
            if (value is not { } number)
                return;
            buffer.Write((byte)',');
            buffer.WriteText(name);
            buffer.Write((byte)':');
            buffer.WriteInteger(number);
        }

        void Pair(string name, object? value, bool always = false)
        {
            if (value is null && !always)
                return;
            buffer.Write((byte)',');
            buffer.WriteText(name);
            buffer.Write((byte)':');
            FactWriter.Leaf(buffer, value);
        }
    }
}
