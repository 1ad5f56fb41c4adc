using Xrm.Core.Image;
using Xrm.Core.Log;

namespace Xrm.Storage.Tests.Files;

public sealed class MemoryFileTests : FileSpec
{
    private readonly MemoryJournal _journal = new();

    private protected override ImageStore Open() => ImageStore.Open(_journal, new() { Time = Clock });

    private protected override Task<long> Room() => Task.FromResult(_journal.Aside + Store.Files.All().Sum(f => f.Size));

    [Fact]
    public async Task A_content_that_cannot_be_written_is_told_and_leaves_nothing()
    {
        _journal.FailNext();
        var problem = await Should.ThrowAsync<Sdk.Problem>(() => Take(Bytes(10, 1)));
        problem.Code.ShouldBe(Sdk.ProblemCode.Unavailable);
        (await Room()).ShouldBe(0);
        (await Take(Bytes(10, 1))).Size.ShouldBe(10);
    }
}
