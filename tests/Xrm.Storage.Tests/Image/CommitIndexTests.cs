using Shouldly;
using Xrm.Core.Image;
using Xunit;

namespace Xrm.Storage.Tests.Image;

public sealed class CommitIndexTests
{
    private readonly Guid[] _ids = [.. Enumerable.Range(0, 5_000).Select(_ => Guid.CreateVersion7())];

    [Fact]
    public void Each_commit_is_found_where_it_is_and_no_other_is()
    {
        var index = Filled(_ids.Length);
        for (var i = 0; i < _ids.Length; i++)
        {
            index.TryGet(_ids[i], out var place).ShouldBeTrue();
            place.ShouldBe((i / 3 + 1L, i % 3));
        }
        index.TryGet(Guid.CreateVersion7(), out _).ShouldBeFalse();
        index.Count.ShouldBe(_ids.Length);
    }

    [Fact]
    public void Of_a_commit_that_comes_twice_the_first_place_holds()
    {
        var index = Filled(10);
        index.Add(_ids[4], 99, 0);
        index.TryGet(_ids[4], out var place).ShouldBeTrue();
        place.ShouldBe((2L, 1));
        index.Count.ShouldBe(10);
    }

    [Fact]
    public void A_checkpoint_takes_those_since_the_last_one_and_gives_all_back()
    {
        var index = Filled(2_000);
        var first = index.Entries(all: false);
        index.Settled();
        index.Add(_ids[2_000], 700, 1);
        var second = index.Entries(all: false);
        second.Length.ShouldBe(CommitIndex.EntryLength);
        var again = new CommitIndex();
        again.Load(first);
        again.Load(second);
        again.Entries(all: false).ShouldBeEmpty();
        again.Entries(all: true).ShouldBe(index.Entries(all: true));
        again.TryGet(_ids[2_000], out var place).ShouldBeTrue();
        place.ShouldBe((700L, 1));
    }

    private CommitIndex Filled(int count)
    {
        var index = new CommitIndex();
        for (var i = 0; i < count; i++)
            index.Add(_ids[i], i / 3 + 1, i % 3);
        return index;
    }
}
