namespace Xrm.Core.Image;

/// <summary>Reads the next of a list on other threads while this one takes in the one before.</summary>
internal static class ReadAhead
{
    /// <summary>How many are read at a time: while one is put together and proved, another comes from the disk.</summary>
    private const int AtOnce = 2;

    /// <param name="read">Runs twice at once, and no longer when this returns or throws.</param>
    /// <param name="take">Runs on the calling thread, in the order of the list.</param>
    public static void Each<TName, T>(IReadOnlyList<TName> names, Func<TName, T> read, Action<T> take)
    {
        var next = new Queue<Task<T>>(AtOnce);
        var started = 0;
        try
        {
            for (var i = 0; i < AtOnce; i++)
                Start();
            while (next.TryDequeue(out var first))
            {
                var current = first.GetAwaiter().GetResult();
                Start();
                take(current);
            }
        }
        finally
        {
            // What fails here fails after something else did; that is the one to be told.
            foreach (IAsyncResult task in next)
                task.AsyncWaitHandle.WaitOne();
        }

        void Start()
        {
            if (started == names.Count)
                return;
            var name = names[started++];
            next.Enqueue(Task.Run(() => read(name)));
        }
    }
}
