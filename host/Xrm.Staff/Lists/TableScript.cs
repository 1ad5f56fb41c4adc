using System.Runtime.InteropServices.JavaScript;

namespace Xrm.Staff.Lists;

/// <summary>The script of the one table of a page: <c>wwwroot/table.js</c>, function by function.</summary>
internal static partial class TableScript
{
    private const string Module = "table";

    /// <summary>Loads it; before anything else is called.</summary>
    /// <param name="from">The app's own address.</param>
    public static Task Open(string from) => OperatingSystem.IsBrowser() ? JSHost.ImportAsync(Module, from + "table.js") : throw new PlatformNotSupportedException();

    /// <summary>Has keys, place and what is seen of the table followed; nothing happens when it has gone by now.</summary>
    /// <param name="seen">Told which line is to be drawn first, how many, and how high one is, in pixels.</param>
    [JSImport("attach", Module)]
    public static partial void Attach([JSMarshalAs<JSType.Function<JSType.Number, JSType.Number, JSType.Number>>] Action<double, double, double> seen);

    /// <summary>Goes to the first line, choosing none.</summary>
    [JSImport("reset", Module)]
    public static partial void Reset();
}
