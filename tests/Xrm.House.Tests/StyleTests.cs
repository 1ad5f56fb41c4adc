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
        var all = House.Code("host").Sum(f => TypeName().Count(House.Text(f)));
        var open = House.Code("host").Sum(f => PublicType().Count(House.Text(f)));
        open.ShouldBeLessThanOrEqualTo(all / 10);
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

    [GeneratedRegex(@"^(?:internal |public )(?:partial )?(?:class|record)(?! struct) (\w+)", RegexOptions.Multiline)]
    private static partial Regex OpenClass();

    [GeneratedRegex(@"(?:class|record) [^:\n{;]*: (?:[\w.]+\.)?(\w+)")]
    private static partial Regex DerivedFrom();

    [GeneratedRegex(@"\[(?:Fact|Theory|Property)\([^\]]*\bSkip(?:When|Unless)?\s*=")]
    private static partial Regex LeftOut();
}
