namespace Xrm.Host.Serving;

/// <summary>Memory that a large operation needed for a short time and that the runtime would keep for the next one.</summary>
internal static class Slack
{
    // Below this a collection costs more than it gives.
    private const long Worthwhile = 128 << 20;

    /// <summary>Gives it back to the machine where there may be much of it. Requests wait meanwhile: some tenths of a second with 100,000 things.</summary>
    public static void GiveBack()
    {
        if (GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes > Worthwhile)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
