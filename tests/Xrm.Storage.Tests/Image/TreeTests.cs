using Xrm.Core.Image;

namespace Xrm.Storage.Tests.Image;

/// <summary>Trees of keys, against sorted sets: whatever comes and goes, and with every state left as it was.</summary>
public sealed class TreeTests
{
    private static readonly Comparer<TreeKey> Order = Comparer<TreeKey>.Create((a, b) => KeyOrder.BySlot.Compare(a, b, RecordSpace.Empty));

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 5_000)]
    [InlineData(3, int.MaxValue)]
    public void They_hold_what_came_and_did_not_go_in_order_and_earlier_states_stay(int seed, int prefixes)
    {
        var random = new Random(seed);
        var expected = new SortedSet<TreeKey>(Order);
        for (var slot = 0; slot < 3_000; slot++)
            expected.Add(new((ulong)random.Next(prefixes), slot));
        var tree = Tree.Build(1, [.. expected]);
        var states = new List<(Tree? Tree, TreeKey[] Expected)> { (tree, [.. expected]) };
        var made = 3_000;
        for (var owner = 2; owner < 120; owner++)
        {
            // By turns more come than go, and the other way round, down to none; some come in order, as ids do.
            var grows = owner / 20 % 2 == 0;
            var edit = new TreeEdit(owner, KeyOrder.BySlot, RecordSpace.Empty);
            for (var i = random.Next(grows ? 300 : 900); i > 0; i--)
                if (expected.Count == 0 || random.Next(10) < (grows ? 8 : 1))
                {
                    var key = new TreeKey(owner % 3 == 0 ? (ulong)(prefixes / 2L + made) : (ulong)random.Next(prefixes), made++);
                    expected.Add(key);
                    tree = edit.Insert(tree, key);
                }
                else
                {
                    var key = expected.ElementAt(random.Next(expected.Count));
                    expected.Remove(key);
                    tree = edit.Remove(tree, key);
                }
            states.Add((tree, [.. expected]));
        }
        states.ShouldContain(s => s.Expected.Length == 0);
        states.Max(s => s.Expected.Length).ShouldBeGreaterThan(64 * 64);
        foreach (var state in states)
        {
            Tree.CountOf(state.Tree).ShouldBe(state.Expected.Length);
            All(state.Tree).ShouldBe(state.Expected);
            for (var i = 0; i < state.Expected.Length; i += 97)
                Tree.Rank(state.Tree, new PrefixProbe(state.Expected[i].Prefix)).ShouldBe(Array.FindIndex(state.Expected, k => k.Prefix == state.Expected[i].Prefix));
        }
    }

    [Fact]
    public void What_is_not_there_does_not_go()
    {
        var edit = new TreeEdit(2, KeyOrder.BySlot, RecordSpace.Empty);
        var tree = Tree.Build(1, [.. Enumerable.Range(0, 500).Select(i => new TreeKey((ulong)i, i))]);
        Should.Throw<InvalidOperationException>(() => edit.Remove(tree, new(7, 600)));
        Should.Throw<InvalidOperationException>(() => edit.Remove(tree, new(1_000, 1_000)));
        Should.Throw<InvalidOperationException>(() => edit.Remove(null, new(0, 0)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(20)]
    public void Keys_that_come_in_order_or_a_little_late_leave_full_leaves_behind(int late)
    {
        var random = new Random(5);
        Tree? tree = null;
        for (var slot = 0; slot < 20_000; slot += 25)
        {
            // A batch goes in sorted; between those of others when they are of one time.
            var keys = Enumerable.Range(slot, 25).Select(s => new TreeKey((ulong)(s + random.Next(late + 1)), s)).Order(Order);
            var edit = new TreeEdit(slot + 1, KeyOrder.BySlot, RecordSpace.Empty);
            foreach (var key in keys)
                tree = edit.Insert(tree, key);
        }
        LeavesOf(tree!).Average(l => l.Used).ShouldBeGreaterThan(Tree.Fan * 0.8);
        LeavesOf(tree!).Average(l => l.Keys.Length).ShouldBeLessThan(Tree.Fan * 1.001);
    }

    [Fact]
    public void A_leaf_takes_no_more_room_than_its_keys_and_a_few()
    {
        var random = new Random(6);
        var tree = Tree.Build(1, [.. Enumerable.Range(0, 4_000).Select(i => new TreeKey((ulong)i * 1_000, i))]);
        for (var slot = 4_000; slot < 12_000; slot += 4)
        {
            var edit = new TreeEdit(slot, KeyOrder.BySlot, RecordSpace.Empty);
            for (var i = 0; i < 4; i++)
                tree = edit.Insert(tree, new((ulong)random.Next(4_000_000), slot + i));
        }
        LeavesOf(tree!).ShouldAllBe(l => l.Keys.Length <= l.Used + Tree.Fan / 2);
        LeavesOf(tree!).Average(l => l.Keys.Length - l.Used).ShouldBeLessThan(4);
    }

    private static IEnumerable<Tree> LeavesOf(Tree tree) => tree.Children is { } children ? children.Take(tree.Used).SelectMany(LeavesOf) : [tree];

    private static List<TreeKey> All(Tree? tree)
    {
        var keys = new List<TreeKey>();
        foreach (var key in Tree.Between(tree, 0, int.MaxValue))
            keys.Add(key);
        return keys;
    }
}
