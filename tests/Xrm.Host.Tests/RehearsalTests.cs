using Xrm.Host.Serving;

namespace Xrm.Host.Tests;

public class RehearsalTests
{
    [Fact]
    public async Task What_is_rehearsed_goes_all_the_way() =>
        (await Rehearsal.Run(TestContext.Current.CancellationToken)).ShouldBe("""{"data":{"scene":null,"scenes":{"totalCount":0,"nodes":[]}}}""");
}
