using System.Collections.Frozen;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>What a state was after some block of the log. Immutable.</summary>
/// <param name="Root">The state, in the same slots as the one it was made of.</param>
/// <param name="Seen">The block up to which it is known what went since.</param>
/// <param name="Gone">By slot, what was there then and went since, as it was last. One of them may have come back.</param>
internal sealed record Past(Root Root, long Seen, FrozenDictionary<int, Record> Gone)
{
    /// <summary>Before the first block: nothing.</summary>
    public static readonly Past Nothing = new(Root.Empty, 0, FrozenDictionary<int, Record>.Empty);
}

/// <summary>What is now, for questions that a past state asks of the present.</summary>
/// <param name="Root">The state that the request sees.</param>
/// <param name="Past">The past that is read.</param>
internal sealed record Present(Root Root, Past Past);
