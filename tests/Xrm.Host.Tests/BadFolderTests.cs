using System.Net;
using System.Net.Sockets;

namespace Xrm.Host.Tests;

/// <summary>What a data folder or an address can be wrong with: one message that says what and where, exit code 1, no stack, nothing half done.</summary>
public sealed class BadFolderTests : IDisposable
{
    private const int LiteDbMark = 191;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_told()
    {
        var file = _folder.File("data", "not a folder");

        Refused(await Command.Run(file, "serve --urls http://127.0.0.1:0"), file);

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe("not a folder");
    }

    /// <summary>A place where nobody may write, not even root; a folder with taken-away rights would not stop root.</summary>
    [Theory]
    [InlineData("serve --urls http://127.0.0.1:0")]
    [InlineData("check")]
    public async Task A_folder_that_cannot_be_written_is_told(string command) =>
        Refused(await Command.Run("/proc/xrm-data", command), "/proc/xrm-data");

    [Fact]
    public async Task It_is_told_in_French_to_whoever_speaks_French() =>
        (await Command.Run("/proc/xrm-data", "serve", ("LANG", "fr_FR.UTF-8"))).Error.ShouldContain("ne peut pas être ouvert en écriture");

    [Fact]
    public async Task A_second_host_on_the_same_folder_is_refused_and_the_first_goes_on()
    {
        await using var host = await ServingHost.Start(_folder.Path);

        Refused(await Command.Run(_folder.Path, "serve --urls http://127.0.0.1:0"), _folder.Path).ShouldContain("in use");

        (await host.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Command.Run(_folder.Path, "token list")).ShouldBeDone();
    }

    [Fact]
    public async Task A_damaged_store_is_told_and_left_as_it_is()
    {
        (await Command.Run(_folder.Path, "check")).ShouldBeDone();
        var path = Path.Combine(_folder.Path, "store.db");
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        for (var i = 8192; i < Math.Min(bytes.Length, 3 * 8192); i++)
            bytes[i] ^= 0x5A;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);

        Refused(await Command.Run(_folder.Path, "serve --urls http://127.0.0.1:0"), _folder.Path);

        var after = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        after.Length.ShouldBe(bytes.Length);
        // LiteDB notes in its header that it found the file damaged, and changes nothing else.
        Enumerable.Range(0, bytes.Length).Where(i => after[i] != bytes[i]).ShouldBeSubsetOf([LiteDbMark]);
    }

    [Theory]
    [InlineData("credentials.json")]
    [InlineData("installed.json")]
    [InlineData("secret.key")]
    public async Task A_damaged_file_of_the_hosts_own_is_told(string name)
    {
        (await Command.Run(_folder.Path, "token create --name one")).ShouldBeDone();
        _folder.File(name, "{ cut in the mid");

        Refused(await Command.Run(_folder.Path, "serve --urls http://127.0.0.1:0"), name);
    }

    [Fact]
    public async Task A_port_in_use_is_told()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        Refused(await Command.Run(_folder.Path, $"serve --urls {url}"), url);

        (await Command.Run(_folder.Path, "check")).ShouldBeDone();
    }

    [Theory]
    [InlineData("--timezone", "Mars/Olympus", "XRM_TIMEZONE")]
    [InlineData("--urls", "not-an-address", "XRM_URLS")]
    [InlineData("--store", "mysql:server", "XRM_STORE")]
    [InlineData("--limit-depth", "-3", "XRM_LIMIT_DEPTH")]
    public async Task A_setting_that_cannot_be_used_is_told_by_its_name(string option, string value, string name) =>
        Refused(await Command.Run(_folder.Path, $"serve {option}={value}"), name);

    [Fact]
    public async Task A_host_that_was_killed_leaves_nothing_in_the_way()
    {
        await using (var host = await ServingHost.Start(_folder.Path))
            await host.Kill();
        File.Exists(Path.Combine(_folder.Path, "host.json")).ShouldBeTrue();

        (await Command.Run(_folder.Path, "token list")).ShouldBeDone();
        await using var again = await ServingHost.Start(_folder.Path);
        (await Command.Run(_folder.Path, "token list")).ShouldBeDone();
    }

    private static string Refused(Answer answer, string where)
    {
        answer.ExitCode.ShouldBe(1, answer.Error);
        answer.Error.ShouldContain(where);
        answer.Error.ShouldNotContain("   at ");
        answer.Error.Trim().Split('\n').Length.ShouldBe(1, answer.Error);
        return answer.Error;
    }
}
