using System.Collections.Immutable;
using Xrm.Host.Tests;

namespace Xrm.Packaging.Tests;

/// <summary>The steps of the guide for authors, as they stand there.</summary>
internal static class Guide
{
    private const string Build = "dotnet build -c Release host/Xrm.Host";
    private const string Release = ".artifacts/bin/Xrm.Host/release";

    /// <summary>From nothing to a package; the program itself was built with the tests.</summary>
    public static ImmutableArray<string> Authoring { get; } = [.. Steps().TakeWhile(s => !IsProgram(s)).Where(s => s != Build).Select(Here)];

    /// <summary>From a package to a plugin that runs.</summary>
    public static ImmutableArray<string> Installing { get; } = [.. Steps().SkipWhile(s => !IsProgram(s)).Select(Here)];

    private static bool IsProgram(string step) => step.StartsWith("$xrm/xrm ", StringComparison.Ordinal);

    private static string Here(string step) => step.Replace(Release, Path.GetRelativePath(Places.Root, Path.GetDirectoryName(Places.Program)!), StringComparison.Ordinal);

    private static string[] Steps()
    {
        var lines = File.ReadAllLines(Path.Combine(Places.Root, "sdk", "README.md"));
        var steps = lines.SkipWhile(l => l != "## From nothing to installed").SkipWhile(l => l != "```sh").Skip(1).TakeWhile(l => l != "```").Select(l => l.Split(" #")[0].Trim()).Where(l => l.Length > 0).ToArray();
        steps.ShouldContain(Build, "The guide's steps are not where they were.");
        return steps;
    }
}
