using System.Reflection;
using System.Text.RegularExpressions;
using Xrm.Sdk;

namespace Xrm.House.Tests;

/// <summary>Every place where a plugin takes part is documented for authors and tested.</summary>
public sealed class HookTests
{
    /// <summary>What a plugin takes part in by what it says of itself, which has no property.</summary>
    private static readonly string[] Described = ["FieldTypes", "Labels", "Permissions", "PersonalData"];

    public static TheoryData<string> Hooks => [.. Described, .. typeof(Hooks).GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(m => (m as PropertyInfo)?.PropertyType.Name == "Hook`1" || m is MethodInfo { IsSpecialName: false, ReturnType.Name: "Hook`1" })
        .Select(m => m.Name).Distinct()];

    [Theory]
    [MemberData(nameof(Hooks))]
    public void A_hook_has_a_heading_in_the_guide(string hook) =>
        House.Lines("sdk/README.md").ShouldContain($"### {hook}");

    [Theory]
    [MemberData(nameof(Hooks))]
    public void A_hook_has_a_test_that_bears_its_name(string hook) =>
        House.Code("tests").Any(f => Regex.IsMatch(House.Text(f), $@"(void|Task) The_{hook}_hook_\w+\(")).ShouldBeTrue($"No test is called The_{hook}_hook_….");
}
