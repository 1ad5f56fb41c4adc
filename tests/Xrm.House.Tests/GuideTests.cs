namespace Xrm.House.Tests;

public sealed class GuideTests
{
    private const string Hello = "plugins/Hello/HelloPlugin.cs";

    [Fact]
    public void The_guide_quotes_the_smallest_plugin_as_it_is()
    {
        var guide = House.Text("sdk/README.md").ReplaceLineEndings("\n");
        guide.ShouldContain($"```csharp\n{House.Text(Hello).ReplaceLineEndings("\n")}```\n");
    }

    [Fact]
    public void The_smallest_plugin_has_at_most_40_lines() => House.Lines(Hello).Length.ShouldBeLessThanOrEqualTo(40);

    [Fact]
    public void The_change_log_tells_the_version_of_the_sdk() =>
        House.Lines("sdk/CHANGELOG.md").ShouldContain(l => l.StartsWith("## " + Sdk.PluginManifest.SdkVersion.Release, StringComparison.Ordinal));
}
