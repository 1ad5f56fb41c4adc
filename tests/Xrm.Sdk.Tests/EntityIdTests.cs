namespace Xrm.Sdk.Tests;

public class EntityIdTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 29, 8, 30, 0, 123, TimeSpan.Zero);

    [Fact]
    public void A_new_id_is_a_uuid_of_version_7_that_carries_its_time()
    {
        var id = EntityId.New(At);

        id.Value.Version.ShouldBe(7);
        id.IsAcceptable.ShouldBeTrue();
        id.ToString().Replace("-", "", StringComparison.Ordinal)[..12].ShouldBe(At.ToUnixTimeMilliseconds().ToString("x12", System.Globalization.CultureInfo.InvariantCulture));
        id.CompareTo(EntityId.New(At.AddMilliseconds(1))).ShouldBeLessThan(0);
    }

    [Fact]
    public void No_two_are_the_same_whichever_threads_make_them_at_one_time()
    {
        var ids = new EntityId[20_000];

        Parallel.For(0, ids.Length, i => ids[i] = EntityId.New(At));

        ids.Distinct().Count().ShouldBe(ids.Length);
    }

    [Fact]
    public void Each_bit_that_is_left_to_chance_comes_both_ways()
    {
        var (any, all) = (UInt128.Zero, UInt128.MaxValue);
        for (var i = 0; i < 1000; i++)
        {
            var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(EntityId.New(At).Value.ToByteArray(bigEndian: true));
            (any, all) = (any | bits, all & bits);
        }

        UInt128.PopCount(any ^ all).ShouldBe((UInt128)74);
    }

    [Fact]
    public void There_is_no_id_of_a_time_before_1970() =>
        Should.Throw<ArgumentOutOfRangeException>(() => EntityId.New(DateTimeOffset.UnixEpoch.AddMilliseconds(-1)));
}
