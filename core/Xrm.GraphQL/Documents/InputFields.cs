using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using GraphQL.Types;

namespace Xrm.GraphQL.Documents;

/// <summary>The fields of an input type as JSON names them: found without making a string of each name that a client sends.</summary>
internal sealed class InputFields
{
    private static readonly ConditionalWeakTable<IInputObjectGraphType, InputFields> Known = [];

    private readonly (byte[] Name, FieldType Field)[] _fields;

    private InputFields(IInputObjectGraphType type)
    {
        _fields = [.. type.Fields.Select(f => (Encoding.UTF8.GetBytes(f.Name), f))];
        Required = [.. type.Fields.Where(f => f.ResolvedType is NonNullGraphType && f.DefaultValue is null).Select(f => f.Name)];
    }

    /// <summary>Those of a type of a schema that is made whole.</summary>
    public static InputFields Of(IInputObjectGraphType type) => Known.GetValue(type, static t => new(t));

    /// <summary>The names of those that must be given.</summary>
    public ImmutableArray<string> Required { get; }

    /// <summary>The field that a property names; null when there is none.</summary>
    /// <param name="next">Where the one behind the field last found stands: clients mostly give them in order.</param>
    public FieldType? Find(JsonProperty property, ref int next)
    {
        for (var i = 0; i < _fields.Length; i++)
        {
            var (name, field) = _fields[next % _fields.Length];
            next = next % _fields.Length + 1;
            if (property.NameEquals(name))
                return field;
        }
        return null;
    }
}
