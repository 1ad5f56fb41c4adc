using System.Reflection;
using Xrm.Storage.LiteDb;

namespace Xrm.Storage.Tests.LiteDb;

public sealed class PageCacheTests : IDisposable
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const int PageSize = 8 * 1024;

    private readonly DataFolder _folder = new();

    [Fact]
    public void Much_that_is_written_and_read_leaves_no_more_pages_in_memory_than_the_largest_transaction_takes()
    {
        using var journal = LiteDbJournal.Open(_folder.Path);
        var part = new byte[8 << 20];
        for (var i = 1; i <= 6; i++)
        {
            new Random(i).NextBytes(part);
            journal.Append(i, new byte[100], [new(part)]);
        }
        for (var i = 1; i <= 6; i++)
            journal.ReadPart(i, 0).Length.ShouldBe(part.Length);
        // All pages of a part that is written at once, and what leads to them.
        Pages(journal).ShouldBeInRange(50, part.Length / PageSize * 3 / 2);
    }

    [Fact]
    public void A_very_large_transaction_leaves_none_of_its_pages_in_memory()
    {
        using var journal = LiteDbJournal.Open(_folder.Path);
        var part = new byte[32 << 20];
        new Random(1).NextBytes(part);
        journal.Append(1, new byte[100], [new(part)]);
        Pages(journal).ShouldBeLessThan(100);
        journal.ReadPart(1, 0).ShouldBe(part);
    }

    public void Dispose() => _folder.Dispose();

    private static int Pages(LiteDbJournal journal)
    {
        object value = journal;
        foreach (var name in (string[])["_database", "_engine", "_disk", "_cache"])
            value = value.GetType().GetField(name, Any).ShouldNotBeNull(name).GetValue(value).ShouldNotBeNull();
        return (int)value.GetType().GetProperty("ExtendPages", Any).ShouldNotBeNull().GetValue(value)!;
    }
}
