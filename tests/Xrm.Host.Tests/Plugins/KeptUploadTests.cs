using Xrm.Host.Trust;
using Xrm.Host.Uploads;
using Xrm.Sdk;
using Xrm.Testing;

namespace Xrm.Host.Tests.Plugins;

/// <summary>How long and how many packages that were sent are kept.</summary>
public sealed class KeptUploadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new(TestClock.Monday);

    private string Incoming => Path.Combine(_folder.Path, "incoming");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_package_is_found_by_its_hash_for_an_hour()
    {
        var uploads = Uploads();
        var upload = await Take(uploads, Packages.Hello);

        upload.Sha256.ShouldBe(Packages.Sha256(Packages.Hello));
        upload.Manifest.Id.ShouldBe("hello");
        uploads.Find(upload.Sha256)!.Value.ToArray().ShouldBe(Packages.Hello);
        await _clock.Advance(minutes: 59);
        uploads.Find(upload.Sha256).ShouldNotBeNull();
        await _clock.Advance(minutes: 1);
        uploads.Find(upload.Sha256).ShouldBeNull();
        Directory.GetFiles(Incoming).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sent_again_it_is_kept_for_another_hour()
    {
        var uploads = Uploads();
        await Take(uploads, Packages.Hello);
        await _clock.Advance(minutes: 50);
        await Take(uploads, Packages.Hello);
        await _clock.Advance(minutes: 50);

        uploads.Find(Packages.Sha256(Packages.Hello)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_more_than_sixteen_the_oldest_goes()
    {
        var uploads = Uploads();
        var all = new List<string>();
        for (var i = 0; i <= PackageUploads.Most; i++)
        {
            all.Add((await Take(uploads, Packages.OtherHello($"number {i}"))).Sha256);
            await _clock.Advance(minutes: 1);
        }

        all.Select(sha256 => uploads.Find(sha256) is not null).ShouldBe([false, .. Enumerable.Repeat(true, PackageUploads.Most)]);
    }

    [Fact]
    public async Task What_is_larger_than_allowed_is_refused_with_the_figure_however_it_comes()
    {
        var uploads = Uploads(largest: 1000);

        var problem = await Should.ThrowAsync<Problem>(() => Take(uploads, Packages.Hello));

        problem.Code.ShouldBe(ProblemCode.Limit);
        problem.Message.ShouldContain("1000");
        Directory.GetFiles(Incoming).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_package_that_was_changed_after_signing_is_not_kept()
    {
        using var author = new Trust.Author();
        var changed = await author.Sign(Packages.Hello);
        // In the archive's directory, where the package is read all the same: the time of the first file.
        var directory = changed.AsSpan().IndexOf("PK\x1\x2"u8);
        changed[directory + 12] ^= 2;

        (await Should.ThrowAsync<Problem>(() => Take(Uploads(), changed))).Message.ShouldContain("changed after signing");

        Directory.GetFiles(Incoming).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_earlier_run_left_goes_at_the_start_and_nothing_else()
    {
        await Take(Uploads(), Packages.Hello);
        await File.WriteAllTextAsync(Path.Combine(Incoming, "half.part"), "half", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Incoming, "README"), "put here by somebody", TestContext.Current.CancellationToken);

        Uploads().Clear();

        Directory.GetFiles(Incoming).Select(Path.GetFileName).ShouldBe(["README"]);
    }

    [Theory]
    [InlineData("../../secret")]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public void What_was_never_sent_is_not_found(string sha256) => Uploads().Find(sha256).ShouldBeNull();

    private PackageUploads Uploads(long largest = 128 << 20)
    {
        var trust = new Notary(new TrustList(Path.Combine(_folder.Path, "trust.json")), _clock);
        return new(Incoming, new PackageReader(_folder.Path), trust.Look, _clock) { Largest = largest };
    }

    private static async Task<Upload> Take(PackageUploads uploads, byte[] package)
    {
        using var body = new MemoryStream(package);
        return await uploads.Take(body, TestContext.Current.CancellationToken);
    }
}
