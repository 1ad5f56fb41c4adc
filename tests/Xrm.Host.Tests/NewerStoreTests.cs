using LiteDB;

namespace Xrm.Host.Tests;

/// <summary>A data folder that a later version of the program wrote.</summary>
public sealed class NewerStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("serve --urls http://127.0.0.1:0")]
    [InlineData("check")]
    public async Task It_is_told_and_left_as_it_is(string command)
    {
        (await Command.Run(_folder.Path, "check")).ShouldBeDone();
        var path = Path.Combine(_folder.Path, "store.db");
        using (var database = new LiteDatabase($"Filename={path};Connection=direct"))
        {
            var meta = database.GetCollection("meta");
            var store = meta.FindById("store");
            store["format"] = 99;
            meta.Update(store).ShouldBeTrue();
            database.Checkpoint();
        }
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

        var answer = await Command.Run(_folder.Path, command);

        answer.ExitCode.ShouldBe(1, answer.Error);
        answer.Error.ShouldContain("newer version (format 99");
        answer.Error.Trim().Split('\n').Length.ShouldBe(1);
        (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).ShouldBe(bytes);
    }
}
