using Xrm.Core.Model;
using Xrm.Core.Storage;

namespace Xrm.Core.Image;

/// <summary>The slots of the relationships at an end of a thing, whatever their period; of a symmetric type those on both sides, each once.</summary>
internal ref struct LinkWalk
{
    private readonly RecordSpace _space;
    private Tree.Walk _walk;
    private Tree.Walk _second;
    private bool _hasSecond;
    private bool _inSecond;

    public LinkWalk(ModelEnd end, Tree? bySource, Tree? byTarget, int slot, RecordSpace space)
    {
        _space = space;
        _hasSecond = end.Relationship.IsSymmetric;
        _walk = Of(end.IsSource || _hasSecond ? bySource : byTarget, slot);
        _second = _hasSecond ? Of(byTarget, slot) : default;
    }

    public LinkWalk(ModelEnd end, TypeState? type, int slot, RecordSpace space) : this(end, type?.BySource, type?.ByTarget, slot, space) { }

    public int Current { get; private set; }

    public readonly LinkWalk GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            if (_walk.MoveNext())
            {
                Current = _walk.Current.Slot;
                // A thing related to itself stands on both sides of one relationship.
                if (_inSecond && _space[Current] is var link && link.Source == link.Target)
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

    /// <summary>The thing beyond a relationship, seen from one of its ends.</summary>
    public static Guid Beyond(ModelEnd end, in Record link, Guid here) => end.Relationship.IsSymmetric
        ? link.Source == here ? link.Target : link.Source
        : end.IsSource ? link.Target : link.Source;

    private static Tree.Walk Of(Tree? tree, int slot) => tree is null ? default : Tree.Between(
        tree,
        Tree.Rank(tree, new PrefixProbe((ulong)(uint)slot << 32)),
        Tree.Rank(tree, new PrefixProbe((ulong)(uint)(slot + 1) << 32)));
}
