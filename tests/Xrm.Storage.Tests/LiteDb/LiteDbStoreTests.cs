using Xrm.Core.Storage;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;

namespace Xrm.Storage.Tests.LiteDb;

/// <summary>The embedded store does what every store does.</summary>
public sealed class LiteDbStoreTests : StoreSpec, IDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public async Task A_folder_in_use_is_a_problem_in_both_languages()
    {
        await using var store = LiteDbStore.Open(_folder.Path);
        var problem = Should.Throw<Problem>(() => LiteDbStore.Open(_folder.Path));
        problem.Code.ShouldBe(ProblemCode.Unavailable);
        problem.Faults[0].Message.Fr.ShouldContain("est déjà utilisé par le processus");
        problem.Faults[0].Message.En.ShouldContain("is in use by process");
    }

    public void Dispose() => _folder.Dispose();

    internal override IStore Open() => LiteDbStore.Open(_folder.Path);

    internal override IStore Reopen() => LiteDbStore.Open(_folder.Path);
}
