using System.Text.Json;
using Shouldly;
using Xrm.Host.Graph;
using Xunit;

namespace Xrm.Host.Tests.Graph;

public sealed class KeptTextsTests
{
    private readonly KeptTexts _texts = new();

    [Fact]
    public void A_text_that_comes_again_is_the_same_string_from_then_on()
    {
        Of("\"{ a \\u00e9 }\"").ShouldBe("{ a é }");
        var kept = Of("\"{ a \\u00e9 }\"");
        Of("\"{ a \\u00e9 }\"").ShouldBeSameAs(kept);
        kept.ShouldBe("{ a é }");
    }

    [Fact]
    public void Each_text_is_its_own_however_many_there_are()
    {
        for (var round = 0; round < 3; round++)
            for (var i = 0; i < 2000; i++)
                Of($"\"{{ a{i} }}\"").ShouldBe($"{{ a{i} }}");
    }

    [Fact]
    public void A_long_text_is_read_anew_each_time()
    {
        var json = $"\"{new string('a', KeptTexts.LargestSize)}\"";
        Of(json);
        Of(json).ShouldBe(Of(json));
        Of(json).ShouldNotBeSameAs(Of(json));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_text_however_often_it_comes()
    {
        for (var i = 0; i < 3; i++)
            Should.Throw<InvalidOperationException>(() => Of("\"\\ud800\""));
    }

    private string Of(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        return _texts.Of(parsed.RootElement);
    }
}
