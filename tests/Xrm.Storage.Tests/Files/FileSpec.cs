using System.Security.Cryptography;
using Xrm.Core.Files;
using Xrm.Core.Image;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Storage.Tests.Files;

/// <summary>What every store does with the contents of files. A class for each journal derives from it.</summary>
public abstract class FileSpec : IAsyncLifetime
{
    private protected const long Most = 20_000_000;

    private protected ManualClock Clock { get; } = new();

    private protected ImageStore Store { get; set; } = null!;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>How many bytes the store takes, room that it uses again included.</summary>
    private protected abstract Task<long> Room();

    private protected abstract ImageStore Open();

    public ValueTask InitializeAsync()
    {
        Store = Open();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_048_576)]
    [InlineData(5_000_001)]
    public async Task A_content_is_found_by_its_hash_and_read_from_anywhere(int length)
    {
        var bytes = Bytes(length, length);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Store.Files.Find(hash).ShouldBeNull();

        var kept = await Store.Files.Take(new MemoryStream(bytes), Most, "user:ana", Cancel);

        (kept.Hash, kept.Size).ShouldBe((hash, length));
        Store.Files.Find(hash).ShouldNotBeNull().Size.ShouldBe(length);
        Read(kept).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        using var stream = Store.Files.Open(kept);
        foreach (var at in (int[])[length - 1, length / 2, 0])
        {
            stream.Position = Math.Max(0, at);
            stream.ReadByte().ShouldBe(length == 0 ? -1 : bytes[at]);
        }
        stream.Position = length + 5;
        stream.ReadByte().ShouldBe(-1);
    }

    [Fact]
    public async Task The_same_content_is_kept_once_and_both_who_sent_it_are_known()
    {
        var bytes = Bytes(3_000_000, 1);
        await Take(bytes, "user:ana");
        var once = await Room();
        for (var i = 0; i < 6; i++)
            await Take(bytes, "user:bob");

        (await Room()).ShouldBeLessThan(once * 5 / 2);
        var kept = Store.Files.All().ShouldHaveSingleItem();
        kept.Sendings.Select(s => s.Actor).ShouldBe(["user:ana", "user:bob"]);
        Read(kept).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        Clock.Advance(hours: 25);
        (await Take(bytes, "user:eve")).Sendings.Select(s => s.Actor).ShouldBe(["user:eve"]);
    }

    [Fact]
    public async Task What_breaks_off_or_is_too_large_leaves_nothing()
    {
        await Take(Bytes(2_500_000, 7));
        Store.Files.All().Count().ShouldBe(1);
        var before = await Room();
        for (var i = 0; i < 5; i++)
        {
            (await Should.ThrowAsync<IOException>(() => Store.Files.Take(new BrokenStream(Bytes(6_000_000, i)), Most, "user:ana", Cancel).AsTask())).Message.ShouldBe("broken off");
            var problem = await Should.ThrowAsync<Problem>(() => Store.Files.Take(new MemoryStream(Bytes(3_000_001, i)), 3_000_000, "user:ana", Cancel).AsTask());
            (problem.Code, problem.Faults[0].Rule).ShouldBe((ProblemCode.Limit, "fileBytes"));
        }
        Store.Files.All().Count().ShouldBe(1);
        (await Room()).ShouldBeLessThan(before + 9_000_000);
        (await Take(Bytes(3_000_000, 0))).Size.ShouldBe(3_000_000);
    }

    [Fact]
    public async Task What_nothing_names_is_swept_a_day_after_it_was_sent_last()
    {
        var (left, again) = (await Take(Bytes(2_000_000, 1)), await Take(Bytes(2_000_000, 2)));
        Clock.Advance(hours: 23);
        await Take(Bytes(2_000_000, 2));
        (await Store.Files.Sweep(Cancel)).ShouldBe(0);
        Clock.Advance(hours: 1);
        (await Store.Files.Sweep(Cancel)).ShouldBe(1);
        Store.Files.Find(left.Hash).ShouldBeNull();
        Should.Throw<IOException>(() => Read(left));
        Store.Files.Find(again.Hash).ShouldNotBeNull();
        Clock.Advance(hours: 23);
        (await Store.Files.Sweep(Cancel)).ShouldBe(1);
        Store.Files.All().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plan_that_needs_a_content_is_written_only_while_it_is_kept()
    {
        var kept = await Take(Bytes(10, 1));
        var plan = new WritePlan(Guid.CreateVersion7(), "user:ana", [], [new Guard.FileIsKept(kept.Hash)]);
        (await Store.Write(plan, Cancel)).Receipt.ShouldNotBeNull();
        Clock.Advance(hours: 24);
        await Store.Files.Sweep(Cancel);
        var later = await Store.Write(plan with { CommitId = Guid.CreateVersion7() }, Cancel);
        later.Receipt.ShouldBeNull();
        later.Failed.ShouldBe(plan.Guards);
    }

    private protected Task<KeptFile> Take(byte[] bytes, string actor = "user:ana") => Store.Files.Take(new MemoryStream(bytes), Most, actor, Cancel).AsTask();

    private protected byte[] Read(KeptFile file)
    {
        using var stream = Store.Files.Open(file);
        stream.Length.ShouldBe(file.Size);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private protected static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private protected sealed class ManualClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(int hours) => _now += TimeSpan.FromHours(hours);
    }

    /// <summary>Ends in an error after 4.5 MB, as an upload does when the line drops.</summary>
    private protected sealed class BrokenStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < 4_500_000 ? base.ReadAsync(buffer[..Math.Min(buffer.Length, 500_000)], cancellationToken) : throw new IOException("broken off");
    }
}
