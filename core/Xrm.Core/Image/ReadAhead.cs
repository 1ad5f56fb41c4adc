namespace Xrm.Core.Image;

/// <summary>Reads the next of a list on another thread while this one takes in the one before.</summary>
internal static class ReadAhead
{
    /// <param name="read">Never runs twice at once, and no longer when this returns or throws.</param>
    /// <param name="take">Runs on the calling thread, in the order of the list.</param>
    public static void Each<TName, T>(IReadOnlyList<TName> names, Func<TName, T> read, Action<T> take)
    {
        Task<T>? next = null;
        try
        {
            for (var i = 0; i < names.Count; i++)
            {
                var current = (next ?? Start(i)).GetAwaiter().GetResult();
                next = i + 1 < names.Count ? Start(i + 1) : null;
                take(current);
            }
        }
        finally
        {
            // What fails here fails after something else did; that is the one to be told.
            (next as IAsyncResult)?.AsyncWaitHandle.WaitOne();
        }

        Task<T> Start(int i) => Task.Run(() => read(names[i]));
    }
}
