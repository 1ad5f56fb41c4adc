using Xrm.Core.Model;

namespace Xrm.Core.Image;

/// <summary>A relationship seen from a thing at one of its ends, by slots.</summary>
/// <param name="Far">The thing at the other end; it may be deleted.</param>
internal readonly record struct Hop(int Link, int Far);

/// <summary>The relationships at an end of a thing, whatever their period; of a symmetric type those on both sides, each once.</summary>
internal ref struct LinkWalk
{
    private readonly int _here;
    private readonly Links? _second;
    private ReadOnlySpan<Hop> _hops;
    private Tree.Walk _walk;
    private int _next;
    private bool _hasSecond;
    private bool _inSecond;

    public LinkWalk(ModelEnd end, Links? bySource, Links? byTarget, int slot)
    {
        _here = slot;
        _hasSecond = end.Relationship.IsSymmetric;
        _second = byTarget;
        Begin(First(end, bySource, byTarget));
    }

    public LinkWalk(ModelEnd end, TypeState? type, int slot) : this(end, type?.BySource, type?.ByTarget, slot) { }

    public Hop Current { get; private set; }

    /// <summary>Has the processor bring near, for all of some things at once, what leads to their relationships.</summary>
    public static void Prefetch(ModelEnd end, TypeState? type, ReadOnlySpan<int> slots)
    {
        if (slots.Length > 1 && First(end, type?.BySource, type?.ByTarget) is { } links)
            links.Prefetch(slots);
    }

    public readonly LinkWalk GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            if (_next < _hops.Length)
                Current = _hops[_next++];
            else if (_walk.MoveNext())
                Current = new((int)_walk.Current.Prefix, _walk.Current.Slot);
            else if (_hasSecond)
            {
                _hasSecond = false;
                _inSecond = true;
                Begin(_second);
                continue;
            }
            else
                return false;
            // A thing related to itself stands on both sides of one relationship.
            if (!_inSecond || Current.Far != _here)
                return true;
        }
    }

    private static Links? First(ModelEnd end, Links? bySource, Links? byTarget) => end.IsSource || end.Relationship.IsSymmetric ? bySource : byTarget;

    private void Begin(Links? links)
    {
        _hops = Links.Of(links, _here, out var tree);
        _next = 0;
        _walk = tree is null ? default : Tree.Between(tree, 0, tree.Count);
    }
}
