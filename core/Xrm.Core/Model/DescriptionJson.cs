using System.Runtime.CompilerServices;
using System.Text;
using Xrm.Sdk;

namespace Xrm.Core.Model;

/// <summary>The canonical JSON of descriptions, made once for each object and kept as long as it is: a change of the model compares and records all of them, and most are those of before.</summary>
internal static class DescriptionJson
{
    private static readonly ConditionalWeakTable<ModelDescription, byte[]> Known = [];

    /// <summary>In UTF-8.</summary>
    public static ReadOnlySpan<byte> Of(ModelDescription description) => Known.GetValue(description, static d => Encoding.UTF8.GetBytes(ModelJson.ToJson(d)));

    /// <summary>Whether two lists say the same, in the same order.</summary>
    public static bool AreSame(IReadOnlyList<ModelDescription> some, IReadOnlyList<ModelDescription> others)
    {
        if (some.Count != others.Count)
            return false;
        for (var i = 0; i < some.Count; i++)
            if (!ReferenceEquals(some[i], others[i]) && !Of(some[i]).SequenceEqual(Of(others[i])))
                return false;
        return true;
    }
}
