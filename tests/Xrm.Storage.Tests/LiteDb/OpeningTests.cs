using System.Globalization;
using LiteDB;
using LiteDB.Engine;
using Xrm.Core.Log;
using Xrm.Sdk;
using Xrm.Storage.LiteDb;
using static Xrm.Storage.Tests.LiteDb.JournalTests;

namespace Xrm.Storage.Tests.LiteDb;

public sealed class OpeningTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public void A_folder_in_use_names_the_process_that_holds_it()
    {
        using (LiteDbJournal.Open(_folder.Path))
        {
            var fault = Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.Path));
            fault.Text.En.ShouldContain("process " + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            fault.Text.Fr.ShouldContain("processus " + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            fault.Text.En.ShouldContain(_folder.Path);
            fault.Problem.Code.ShouldBe(ProblemCode.Unavailable);
        }
        using var again = LiteDbJournal.Open(_folder.Path);
        again.LastBlock.ShouldBe(0);
    }

    [Fact]
    public void A_folder_that_may_not_be_written_is_told()
    {
        // Nobody makes files there, root included.
        if (Directory.Exists("/sys/kernel"))
            Should.Throw<StoreFault>(() => LiteDbJournal.Open("/sys/kernel")).Text.Fr.ShouldContain("/sys/kernel");
        var fault = Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.Path, _ => throw new UnauthorizedAccessException("Access denied.")));
        fault.Text.En.ShouldContain("cannot be written: Access denied. Give");
        fault.Text.Fr.ShouldContain("XRM_DATA");
    }

    [Fact]
    public void A_read_only_disk_is_told()
    {
        var fault = Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.Path, _ => throw new IOException("Read-only file system", 30)));
        fault.Text.En.ShouldContain("cannot be written: Read-only file system");
        // The folder was let go of.
        using var journal = LiteDbJournal.Open(_folder.Path);
        journal.LastBlock.ShouldBe(0);
    }

    [Fact]
    public void A_data_folder_that_is_a_file_is_told()
    {
        File.WriteAllText(_folder.File("data"), "x");
        Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.File("data"))).Text.En.ShouldContain("cannot be written");
    }

    [Fact]
    public void A_file_of_a_newer_version_is_left_as_it_is()
    {
        Fill();
        Alter(engine => engine.Upsert("meta", [new BsonDocument { ["_id"] = "store", ["format"] = 2 }], BsonAutoId.Int64));
        var before = File.ReadAllBytes(_folder.File(LiteDbJournal.DataFile));
        var fault = Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.Path));
        fault.Text.En.ShouldContain("newer version (format 2, this version knows 1)");
        fault.Text.Fr.ShouldContain("version plus récente");
        File.ReadAllBytes(_folder.File(LiteDbJournal.DataFile)).ShouldBe(before);
    }

    [Fact]
    public void A_file_of_another_program_is_left_as_it_is()
    {
        Alter(engine => engine.Insert("things", [new BsonDocument { ["_id"] = 1 }], BsonAutoId.Int64));
        var before = File.ReadAllBytes(_folder.File(LiteDbJournal.DataFile));
        Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.Path)).Text.En.ShouldContain("damaged (meta)");
        File.ReadAllBytes(_folder.File(LiteDbJournal.DataFile)).ShouldBe(before);

        var text = new byte[20_000];
        text.AsSpan().Fill((byte)'a');
        File.WriteAllBytes(_folder.File(LiteDbJournal.DataFile), text);
        Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.Path)).Text.En.ShouldContain("damaged");
        File.ReadAllBytes(_folder.File(LiteDbJournal.DataFile)).ShouldBe(text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void A_file_cut_short_is_told_and_left_as_it_is(double part)
    {
        Fill();
        var path = _folder.File(LiteDbJournal.DataFile);
        using (var file = File.OpenWrite(path))
            file.SetLength((long)(file.Length * part));
        var before = File.ReadAllBytes(path);
        var fault = Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.Path));
        fault.Text.En.ShouldContain("damaged");
        fault.Text.Fr.ShouldContain("restaurez la dernière sauvegarde");
        fault.Text.En.ShouldContain(path);
        File.ReadAllBytes(path).ShouldBe(before);
    }

    [Fact]
    public void Flipped_bits_are_told_and_never_served()
    {
        Fill();
        var path = _folder.File(LiteDbJournal.DataFile);
        var good = File.ReadAllBytes(path);
        var random = new Random(5);
        var told = 0;
        for (var round = 0; round < 60; round++)
        {
            var bad = (byte[])good.Clone();
            for (var i = random.Next(1, 20); i > 0; i--)
                bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bad);
            try
            {
                using var journal = LiteDbJournal.Open(_folder.Path);
                journal.LastBlock.ShouldBeLessThanOrEqualTo(40);
                for (var n = 1; n <= journal.LastBlock; n++)
                {
                    journal.ReadHead(n).ShouldBe(Bytes(100, n));
                    journal.ReadPart(n, 0).ShouldBe(Bytes(4_000 * n, n));
                }
                journal.LastCheckpoint.ShouldNotBeNull();
                foreach (var segment in journal.LastCheckpoint.Segments)
                    journal.ReadSegment(segment).Length.ShouldBe(300_000);
            }
            catch (StoreFault fault)
            {
                told++;
                fault.Text.En.ShouldContain(path);
            }
        }
        told.ShouldBeGreaterThan(40);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void A_store_that_could_not_be_made_is_made_the_next_time(int nth)
    {
        var seen = 0;
        var watch = new FileWatch
        {
            Before = _ =>
            {
                if (++seen == nth)
                    throw new IOException("No space left on device", 28);
            },
        };
        Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.Path, watch.Open)).Text.En.ShouldContain("is full");
        File.Exists(_folder.File(LiteDbJournal.DataFile)).ShouldBeFalse();
        using var journal = LiteDbJournal.Open(_folder.Path);
        journal.Append(1, Bytes(10, 1), []);
        journal.ReadHead(1).ShouldBe(Bytes(10, 1));
        Directory.GetFiles(_folder.Path).Select(Path.GetFileName).ShouldBe([LiteDbJournal.DataFile, LiteDbJournal.LogFile, LiteDbJournal.FirstTail, LiteDbJournal.SecondTail, FolderLock.FileName], ignoreOrder: true);
    }

    [Fact]
    public void A_data_file_that_is_gone_while_its_log_is_not_is_told()
    {
        Fill();
        File.WriteAllBytes(_folder.File(LiteDbJournal.LogFile), new byte[8_192]);
        File.Delete(_folder.File(LiteDbJournal.DataFile));
        Should.Throw<StoreFault>(() => LiteDbJournal.Open(_folder.Path)).Text.En.ShouldContain("damaged");
        File.Exists(_folder.File(LiteDbJournal.DataFile)).ShouldBeFalse();
    }

    public void Dispose() => _folder.Dispose();

    private void Fill()
    {
        using var journal = LiteDbJournal.Open(_folder.Path);
        for (var n = 1; n <= 40; n++)
            journal.Append(n, Bytes(100, n), [new(Bytes(4_000 * n, n))]);
        journal.WriteCheckpoint(40, [], [Bytes(300_000, 1), Bytes(300_000, 2)], Bytes(3, 3));
    }

    private void Alter(Action<LiteEngine> change)
    {
        using var engine = new LiteEngine(new EngineSettings { Filename = _folder.File(LiteDbJournal.DataFile), Collation = Collation.Binary });
        change(engine);
        engine.Checkpoint();
    }
}
