using System.Runtime.CompilerServices;

namespace Xrm.Storage.LiteDb;

/// <summary>The pages that LiteDB keeps in memory.</summary>
internal static class PageCache
{
    /// <summary>Pages: 400 kB.</summary>
    private const int Step = 50;

    /// <summary>Has LiteDB take memory in small steps; those of this process from then on.</summary>
    /// <remarks>
    /// It takes ever larger ones, of 8 MB in the end, gives none back, and uses a page again only where more than a step of them is unused (litedb-org/LiteDB#2813).
    /// By small ones it comes to what its largest transaction needs.
    /// </remarks>
    public static void Bound() => Array.Fill(Steps(null), Step);

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "MEMORY_SEGMENT_SIZES")]
    private static extern ref int[] Steps([UnsafeAccessorType("LiteDB.Constants, LiteDB")] object? constants);
}
