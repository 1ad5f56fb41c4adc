using Xrm.Core.Files;
using Xrm.Core.Image;
using Xrm.Storage.LiteDb;
using Xrm.Storage.Tests.LiteDb;

namespace Xrm.Storage.Tests.Files;

public sealed class LiteDbFileTests : FileSpec
{
    private readonly DataFolder _folder = new();

    private protected override ImageStore Open() => LiteDbStore.Open(_folder.Path, new() { Time = Clock });

    private protected override async Task<long> Room()
    {
        // Closing empties the log into the data file.
        await Anew();
        return new FileInfo(_folder.File(LiteDbJournal.DataFile)).Length;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_content_is_there_after_opening_anew_with_all_that_is_known_of_it()
    {
        var bytes = Bytes(2_500_000, 1);
        var kept = await Take(bytes);
        await Anew();
        var again = Store.Files.Find(kept.Hash).ShouldNotBeNull();
        again.Sendings.ShouldBe(kept.Sendings);
        (again with { Sendings = kept.Sendings }).ShouldBe(kept);
        Read(again).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_half_sent_when_the_program_stopped_is_dropped_at_the_next_start()
    {
        await Take(Bytes(10, 1));
        var before = await Room();
        // Pieces kept aside, and then no more: what a killed program leaves.
        await Store.DisposeAsync();
        for (var run = 0; run < 4; run++)
            using (var journal = LiteDbJournal.Open(_folder.Path))
                for (var i = 0; i < 5; i++)
                    journal.Stage([Bytes(KeptFile.PieceSize, i)]);
        Store = Open();
        Store.Files.All().Count().ShouldBe(1);
        // Room of one run is used again by the next.
        (await Room() - before).ShouldBeLessThan(2 * 5 * KeptFile.PieceSize);
    }

    [Fact]
    public async Task Many_contents_are_told_in_the_order_of_their_hashes()
    {
        for (var i = 0; i < 700; i++)
            await Take(Bytes(20, i));
        var hashes = Store.Files.All().Select(f => f.Hash).ToArray();
        hashes.Distinct().Count().ShouldBe(700);
        hashes.ShouldBe(hashes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Swept_bytes_are_nowhere_in_the_store_and_their_room_is_used_again()
    {
        var bytes = "Procès-verbal de Quatrebarbes. "u8.ToArray();
        await Take(bytes);
        Clock.Advance(hours: 25);
        (await Store.Files.Sweep(Cancel)).ShouldBe(1);
        await Store.DisposeAsync();
        foreach (var name in (string[])[LiteDbJournal.DataFile, LiteDbJournal.LogFile])
            (await File.ReadAllBytesAsync(_folder.File(name), Cancel)).AsSpan().IndexOf("Quatrebarbes"u8).ShouldBe(-1, name);
        Store = Open();
    }

    [Fact]
    public async Task A_damaged_piece_is_told_and_not_served()
    {
        var kept = await Take([.. Enumerable.Repeat((byte)'x', 500_000)]);
        await Store.DisposeAsync();
        var path = _folder.File(LiteDbJournal.DataFile);
        var bytes = await File.ReadAllBytesAsync(path, Cancel);
        bytes[bytes.AsSpan().IndexOf("xxxxxxxxxxxxxxxx"u8) + 500] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Cancel);
        Store = Open();
        Should.Throw<IOException>(() => Read(kept)).Message.ShouldContain("checksum");
    }

    private async Task Anew()
    {
        await Store.DisposeAsync();
        Store = Open();
    }
}
