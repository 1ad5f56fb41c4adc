using Xrm.Core.Model;

namespace Xrm.Core.Image;

/// <summary>A relationship seen from a thing at one of its ends, by slots.</summary>
/// <param name="Far">The thing at the other end; it may be deleted.</param>
internal readonly record struct Hop(int Link, int Far);

/// <summary>The relationships at an end of a thing, whatever their period; of a symmetric type those on both sides, each once.</summary>
internal ref struct LinkWalk
{
    private readonly int _here;
    private PrefixWalk _walk;
    private PrefixWalk _second;
    private bool _hasSecond;
    private bool _inSecond;

    public LinkWalk(ModelEnd end, Tree? bySource, Tree? byTarget, int slot)
    {
        _here = slot;
        _hasSecond = end.Relationship.IsSymmetric;
        _walk = Of(end.IsSource || _hasSecond ? bySource : byTarget, slot);
        _second = _hasSecond ? Of(byTarget, slot) : default;
    }

    public LinkWalk(ModelEnd end, TypeState? type, int slot) : this(end, type?.BySource, type?.ByTarget, slot) { }

    public Hop Current { get; private set; }

    public readonly LinkWalk GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            if (_walk.MoveNext())
            {
                var key = _walk.Current;
                Current = new((int)(uint)key.Prefix, key.Slot);
                // A thing related to itself stands on both sides of one relationship.
                if (_inSecond && Current.Far == _here)
                    continue;
                return true;
            }
            if (!_hasSecond)
                return false;
            _hasSecond = false;
            _inSecond = true;
            _walk = _second;
        }
    }

    /// <summary>The key of a relationship at one of its ends: those of one thing lie together, and the thing at the other end is at hand.</summary>
    public static TreeKey Key(int here, int link, int far) => new((ulong)(uint)here << 32 | (uint)link, far);

    private static PrefixWalk Of(Tree? tree, int slot) => Tree.Between(tree, (ulong)(uint)slot << 32, (ulong)(uint)(slot + 1) << 32);
}
