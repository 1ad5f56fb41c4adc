namespace Xrm.Host.Tests;

/// <summary>What is told to whoever gives a command wrongly.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("fr_FR.UTF-8", "Argument obligatoire 'file'")]
    [InlineData("en_GB.UTF-8", "Required argument 'file'")]
    public async Task Wrong_usage_is_told_in_the_language_of_whoever_asks(string language, string said)
    {
        using var folder = new TemporaryFolder();
        var answer = await Command.Run(folder.Path, "import csv", ("LANG", language));
        answer.ExitCode.ShouldBe(2);
        answer.Error.ShouldContain(said);
    }
}
