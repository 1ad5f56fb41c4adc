using Xrm.Sdk;
using Xrm.Staff.Model;

namespace Xrm.Staff.Shell;

/// <summary>The app's addresses.</summary>
internal static class Paths
{
    public static string List(ModelType type) => $"records/{type.Plural}";

    public static string Thing(ModelType type, EntityId id) => $"records/{type.Plural}/{id}";

    public static string New(ModelType type) => $"records/{type.Plural}/new";

    /// <summary>Of a new thing that is related from the start to another.</summary>
    /// <param name="end">The end of the new thing's type, by name.</param>
    public static string New(ModelType type, string end, EntityId other) => $"records/{type.Plural}/new?from={end}:{other}";

    public static string Search(string text) => "search?text=" + Uri.EscapeDataString(text);
}
