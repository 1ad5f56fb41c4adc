using System.Text;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.GraphQL.Schemas;

/// <summary>How names of the schema are made from those of the model.</summary>
internal static class Names
{
    public static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    /// <summary><c>mandateType</c> is <c>MANDATE_TYPE</c>.</summary>
    public static string Upper(string name)
    {
        var upper = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && name[i - 1] != '_' && (char.IsLower(name[i - 1]) || char.IsDigit(name[i - 1]) || i + 1 < name.Length && char.IsLower(name[i + 1])))
                upper.Append('_');
            upper.Append(char.ToUpperInvariant(name[i]));
        }
        return upper.ToString();
    }

    /// <summary>The enum of a choice or state.</summary>
    public static string Choice(ModelField field) => field.Owner.Name + Pascal(field.Name);

    public static string Connection(ModelType type, ModelEnd end) => $"{type.Name}{Pascal(end.Name)}Connection";

    /// <summary>The root mutation of a state's move: <c>resolveComplaint</c>.</summary>
    public static string Move(string move, ModelType type) => move + type.Name;

    /// <summary>Whether a name may stand in a schema; those with two underscores in front are GraphQL's own.</summary>
    public static bool IsValid(string name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !name.StartsWith("__", StringComparison.Ordinal);

    /// <summary>What people read of a label in a description.</summary>
    public static string Description(Label label) => label.Fr == label.En ? label.Fr : $"{label.Fr} / {label.En}";
}
