using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Tests.Storage;

public class JsonValueTests
{
    public static TheoryData<Shape, object, string> Values => new()
    {
        { Shape.Text, "Zoé \"la\" 🙂\n", null! },
        { Shape.Boolean, true, "true" },
        { Shape.Integer, -12, "-12" },
        { Shape.Decimal, 12.50m, "\"12.5\"" },
        { Shape.Decimal, -0.0m, "\"0\"" },
        { Shape.Decimal, 48.107500m, "\"48.1075\"" },
        { Shape.Decimal, -1000m, "\"-1000\"" },
        { Shape.Decimal, decimal.MinValue, "\"-79228162514264337593543950335\"" },
        { Shape.Decimal, 0.0000000000000000000000000001m, "\"0.0000000000000000000000000001\"" },
        { Shape.Date, DateOnly.MinValue, "\"0001-01-01\"" },
        { Shape.Text, "", "\"\"" },
        { Shape.Text, "l'été à Saint-Étienne & <ailleurs>", "\"l'été à Saint-Étienne & <ailleurs>\"" },
        { Shape.Date, new DateOnly(2020, 5, 28), "\"2020-05-28\"" },
        { Shape.DateTime, new DateTimeOffset(2020, 5, 28, 10, 0, 0, 5, TimeSpan.Zero), "\"2020-05-28T10:00:00.005Z\"" },
        { Shape.Duration, TimeSpan.FromHours(26), "\"P1DT2H\"" },
    };

    [Theory, MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void A_value_comes_back_from_its_canonical_json(Shape shape, object value, string? json)
    {
        var written = JsonValue.Write(shape, value);
        if (json is not null)
            Encoding.UTF8.GetString(written).ShouldBe(json);
        JsonValue.Read(shape, written).ShouldBe(value);
    }

    [Theory, MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void Behind_other_bytes_it_is_the_same(Shape shape, object value, string? json)
    {
        var writer = new ArrayBufferWriter<byte>();
        JsonValue.Write(shape, value, many: false, writer);
        JsonValue.Write(Shape.Text, "a\ud83db", many: false, writer);
        JsonValue.Write(shape, ImmutableArray.Create(value, value), many: true, writer);
        byte[] expected = [.. JsonValue.Write(shape, value), .. JsonValue.Write(Shape.Text, "a\ud83db"), .. JsonValue.Write(shape, ImmutableArray.Create(value, value), many: true)];
        writer.WrittenSpan.ToArray().ShouldBe(expected, json);
    }

    [Fact]
    public void Half_a_character_is_kept_as_one_that_says_so() => Encoding.UTF8.GetString(JsonValue.Write(Shape.Text, "a\ud83db")).ShouldBe("\"a\uFFFDb\"");

    [Fact]
    public void Of_a_moment_what_is_finer_than_a_millisecond_is_cut() =>
        Encoding.UTF8.GetString(JsonValue.Write(Shape.DateTime, new DateTimeOffset(2020, 5, 28, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(19_999))).ShouldBe("\"2020-05-28T10:00:00.001Z\"");

    [Fact]
    public void Many_values_come_back_in_order()
    {
        ImmutableArray<object> values = ["b", "a,]", "\"x\""];
        ((ImmutableArray<object>)JsonValue.Read(Shape.Text, JsonValue.Write(Shape.Text, values, many: true), many: true)).ShouldBe(values);
    }
}
