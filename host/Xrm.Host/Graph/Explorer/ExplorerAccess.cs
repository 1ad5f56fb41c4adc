namespace Xrm.Host.Graph.Explorer;

/// <summary>To whom the explorer is shown. What it may ask is decided for each request all the same.</summary>
internal enum ExplorerAccess
{
    Nobody,
    /// <summary>Signed in by a session.</summary>
    Administrators,
    Everybody,
}
