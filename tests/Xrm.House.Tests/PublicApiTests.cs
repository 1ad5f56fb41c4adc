using Xrm.Sdk;

namespace Xrm.House.Tests;

public sealed class PublicApiTests
{
    private const string Approved = "sdk/Xrm.Sdk/PublicApi.txt";

    [Fact]
    public void The_public_surface_of_the_sdk_is_the_approved_one()
    {
        var surface = Surface.Of(typeof(Plugin).Assembly);
        var path = Path.Combine(House.Root, Approved);
        if (Environment.GetEnvironmentVariable("XRM_APPROVE") == "1")
            File.WriteAllText(path, surface);
        var approved = File.Exists(path) ? File.ReadAllText(path) : "";
        var added = surface.Split('\n').Except(approved.Split('\n')).Select(l => "+ " + l);
        var gone = approved.Split('\n').Except(surface.Split('\n')).Select(l => "- " + l);
        surface.ShouldBe(approved, $"""
            The sdk's public surface is not what {Approved} says:
            {string.Join('\n', gone.Concat(added))}
            A change here is a promise made or broken: write it into sdk/CHANGELOG.md, then approve it with
            XRM_APPROVE=1 dotnet test --project tests/Xrm.House.Tests
            """);
    }
}
