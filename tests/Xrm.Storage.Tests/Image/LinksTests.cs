using Xrm.Core.Image;

namespace Xrm.Storage.Tests.Image;

/// <summary>The relationships at an end, against sorted sets: whatever comes and goes, and with every state left as it was.</summary>
public sealed class LinksTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 70)]
    [InlineData(3, 5_000)]
    [InlineData(4, 20_000_000)]
    public void They_are_those_that_came_and_did_not_go_in_the_order_of_their_slots_and_earlier_states_stay(int seed, int slots)
    {
        var random = new Random(seed);
        // Few things have most of them, some more than a leaf holds for one.
        var things = Enumerable.Range(0, 40).Select(_ => random.Next(slots)).ToArray();
        Links? links = null;
        var expected = new Dictionary<int, SortedDictionary<int, int>>();
        var states = new List<(Links? Links, Dictionary<int, Hop[]> Expected)>();
        for (var owner = 1; owner < 60; owner++)
        {
            for (var i = random.Next(200); i > 0; i--)
            {
                var slot = random.Next(3) == 0 ? things[0] : things[random.Next(things.Length)];
                if (!expected.TryGetValue(slot, out var there))
                    expected[slot] = there = [];
                // By turns more come than go, and the other way round.
                if (there.Count == 0 || random.Next(10) < (owner / 15 % 2 == 0 ? 8 : 1))
                {
                    var hop = new Hop(random.Next(1, 1_000_000), random.Next());
                    if (there.TryAdd(hop.Link, hop.Far))
                        links = Links.Add(links, owner, slot, hop);
                }
                else
                {
                    var link = there.Keys.ElementAt(random.Next(there.Count));
                    links = Links.Remove(links, owner, slot, new(link, there[link]));
                    there.Remove(link);
                }
            }
            states.Add((links, expected.ToDictionary(e => e.Key, e => e.Value.Select(h => new Hop(h.Key, h.Value)).ToArray())));
        }
        states.Max(s => s.Expected.Values.Max(h => h.Length)).ShouldBeGreaterThan(64);
        int[] asked = [.. things, -1, int.MinValue, 0, slots - 1, slots + 1, int.MaxValue];
        foreach (var state in states)
        {
            // Changes nothing, and any slot may be asked for.
            state.Links?.Prefetch(asked);
            foreach (var slot in asked)
                All(state.Links, slot).ShouldBe(state.Expected.GetValueOrDefault(slot) ?? []);
        }
    }

    [Fact]
    public void One_that_is_not_there_does_not_go()
    {
        var links = Links.Add(null, 1, 7, new(1, 2));
        Should.Throw<InvalidOperationException>(() => Links.Remove(links, 2, 7, new(1, 3)));
        Should.Throw<InvalidOperationException>(() => Links.Remove(links, 2, 8, new(1, 2)));
        Should.Throw<InvalidOperationException>(() => Links.Remove(links, 2, 700, new(1, 2)));
        Should.Throw<InvalidOperationException>(() => Links.Remove(null, 2, 7, new(1, 2)));
        All(links, 7).ShouldBe([new(1, 2)]);
    }

    private static List<Hop> All(Links? links, int slot)
    {
        var all = new List<Hop>();
        all.AddRange(Links.Of(links, slot, out var tree));
        foreach (var key in Tree.Between(tree, 0, int.MaxValue))
            all.Add(new((int)key.Prefix, key.Slot));
        return all;
    }
}
