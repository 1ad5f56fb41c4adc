using System.Text.RegularExpressions;

namespace Xrm.House.Tests;

/// <summary>How files are cut, named and hidden.</summary>
public sealed partial class StyleTests
{
    private static readonly string[] Empty = ["Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Manager", "Common", "Base", "Impl", "Dto", "Info"];

    [Fact]
    public void No_file_has_more_than_300_lines() =>
        House.Code("sdk", "core", "host", "plugins").Select(f => (File: f, House.Lines(f).Length)).Where(f => f.Length > 300)
            .Select(f => $"{f.File}: {f.Length}").ShouldBeEmpty();

    [Fact]
    public void No_type_has_a_name_that_says_nothing() =>
        House.Code("sdk", "core", "host", "plugins", "tests")
            .SelectMany(f => TypeName().Matches(House.Text(f)).Select(m => (File: f, Name: m.Groups[1].Value)))
            .Where(t => Empty.Contains(LastWord().Match(t.Name).Value))
            .Select(t => $"{t.File}: {t.Name}").ShouldBeEmpty();

    [Fact]
    public void No_file_or_folder_has_a_name_that_says_nothing() =>
        House.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(f => f.Split('/').Select(part => (File: f, Part: part.Split('.')[0])))
            .Where(p => Empty.Contains(LastWord().Match(p.Part).Value))
            .Select(p => p.File).Distinct().ShouldBeEmpty();

    [Fact]
    public void Nothing_of_the_core_is_public() =>
        House.Code("core").Where(f => PublicType().IsMatch(House.Text(f))).ShouldBeEmpty();

    [Fact]
    public void Nearly_nothing_of_the_host_is_public()
    {
        var all = House.Code("host/Xrm.Host").Sum(f => TypeName().Count(House.Text(f)));
        var open = House.Code("host/Xrm.Host").Sum(f => PublicType().Count(House.Text(f)));
        open.ShouldBeLessThanOrEqualTo(all / 10);
    }

    /// <summary>The framework makes components public and takes public parameters alone: those, and what they are made of, is all that may be.</summary>
    [Fact]
    public void What_is_public_in_the_staff_app_is_a_component_or_is_given_to_one()
    {
        var code = House.Code("host/Xrm.Staff").Concat(House.Files.Where(f => f.EndsWith(".razor", StringComparison.Ordinal))).ToDictionary(f => f, House.Text);
        var open = code.SelectMany(f => OpenType().Matches(f.Value).Select(m => (Name: m.Groups[1].Value, IsComponent: m.Value.Contains("ComponentBase", StringComparison.Ordinal) || code.ContainsKey(f.Key[..^3]), Text: f.Value))).ToArray();
        var given = string.Join('\n', code.Values.SelectMany(t => Parameter().Matches(t).Select(m => m.Groups[1].Value)));
        var needed = open.Where(t => t.IsComponent || Word(t.Name).IsMatch(given)).ToHashSet();
        while (open.Except(needed).Where(t => needed.Any(n => !n.IsComponent && Word(t.Name).IsMatch(n.Text))).ToArray() is { Length: > 0 } more)
            needed.UnionWith(more);
        open.Except(needed).Select(t => t.Name).ShouldBeEmpty();

        static Regex Word(string name) => new($@"\b{name}\b");
    }

    [Fact]
    public void A_class_that_nobody_derives_from_is_sealed()
    {
        var code = House.Code("sdk", "core", "host", "plugins").ToDictionary(f => f, House.Text);
        var derived = code.Values.SelectMany(t => DerivedFrom().Matches(t)).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        code.SelectMany(f => OpenClass().Matches(f.Value).Select(m => (File: f.Key, Name: m.Groups[1].Value)))
            .Where(c => !derived.Contains(c.Name))
            .Select(c => $"{c.File}: {c.Name}").ShouldBeEmpty();
    }

    [Fact]
    public void No_test_is_left_out() =>
        House.Code("tests").Where(f => LeftOut().IsMatch(House.Text(f))).ShouldBeEmpty();

    [GeneratedRegex(@"^\s*(?:\w+ )*(?:class|record|record struct|record class|struct|interface|enum|delegate \S+) ([A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex TypeName();

    [GeneratedRegex(@"[A-Z][a-z0-9]*$")]
    private static partial Regex LastWord();

    // Namespaces of a file have no braces, so that a type of the namespace starts its line.
    [GeneratedRegex(@"^public (?:static |sealed |abstract |partial |readonly |ref |unsafe )*(?:class|record|struct|interface|enum|delegate) ", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^public (?:static |sealed |abstract |partial |readonly )*(?:class|record struct|record|struct|interface|enum) (\w+)[^\n]*", RegexOptions.Multiline)]
    private static partial Regex OpenType();

    [GeneratedRegex(@"\[Parameter[^\n]*\]\s*public ([^\n{]*)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^(?:internal |public )(?:partial )?(?:class|record)(?! struct) (\w+)", RegexOptions.Multiline)]
    private static partial Regex OpenClass();

    [GeneratedRegex(@"(?:class|record) [^:\n{;]*: (?:[\w.]+\.)?(\w+)")]
    private static partial Regex DerivedFrom();

    [GeneratedRegex(@"\[(?:Fact|Theory|Property)\([^\]]*\bSkip(?:When|Unless)?\s*=")]
    private static partial Regex LeftOut();
}
