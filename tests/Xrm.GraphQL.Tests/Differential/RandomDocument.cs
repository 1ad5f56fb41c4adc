using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>One selection: a field, an inline fragment, or a fragment spread by name.</summary>
internal sealed record Part
{
    /// <summary>Of a field.</summary>
    public string? Name { get; init; }
    /// <summary>The response key of a field.</summary>
    public string? Key { get; init; }
    /// <summary>The type condition of an inline fragment; empty = none.</summary>
    public string? On { get; init; }
    /// <summary>The name of a fragment.</summary>
    public string? Spread { get; init; }
    public List<(string Name, string Text)> Arguments { get; init; } = [];
    public List<string> Directives { get; init; } = [];
    public List<Part>? Parts { get; init; }
    /// <summary>The named type of a field, or of what a fragment is on.</summary>
    public string Type { get; init; } = "";

    public Part Copy() => this with { Arguments = [.. Arguments], Directives = [.. Directives], Parts = Parts?.ConvertAll(p => p.Copy()) };

    public void Print(StringBuilder text, int depth)
    {
        text.Append(' ', depth * 2);
        text.Append(Spread is not null ? "..." + Spread : On is not null ? "..." + (On.Length > 0 ? " on " + On : "") : Key == Name ? Name : $"{Key}: {Name}");
        if (Arguments.Count > 0)
            text.Append('(').AppendJoin(", ", Arguments.Select(a => $"{a.Name}: {a.Text}")).Append(')');
        foreach (var directive in Directives)
            text.Append(' ').Append(directive);
        if (Parts is null)
        {
            text.Append('\n');
            return;
        }
        text.Append(" {\n");
        foreach (var part in Parts)
            part.Print(text, depth + 1);
        text.Append(' ', depth * 2).Append("}\n");
    }
}

/// <summary>A variable as it is declared and given.</summary>
/// <param name="Default">A literal; null = none.</param>
/// <param name="Json">What is given for it; null = nothing is.</param>
internal sealed record GivenVariable(string Type, string? Default, string? Json);

/// <summary>An operation that can be printed, changed and made smaller.</summary>
internal sealed partial class RandomDocument
{
    public List<Part> Parts { get; init; } = [];
    public Dictionary<string, (string On, List<Part> Parts)> Fragments { get; init; } = [];
    public Dictionary<string, GivenVariable> Variables { get; init; } = [];
    /// <summary>Fields that are wrong, by their response keys: the code that they are told with.</summary>
    public Dictionary<string, (string Code, string[] Path)> Wrong { get; init; } = [];

    public RandomDocument Copy() => new()
    {
        Parts = Parts.ConvertAll(p => p.Copy()),
        Fragments = Fragments.ToDictionary(f => f.Key, f => (f.Value.On, f.Value.Parts.ConvertAll(p => p.Copy()))),
        Variables = new(Variables),
        Wrong = new(Wrong),
    };

    /// <summary>The document, with the fragments and variables that it uses.</summary>
    public string Text
    {
        get
        {
            var body = new StringBuilder(" {\n");
            foreach (var part in Parts)
                part.Print(body, 1);
            body.Append("}\n");
            var told = new HashSet<string>();
            for (var more = true; more;)
            {
                more = false;
                foreach (var name in Spread().Matches(body.ToString()).Select(m => m.Groups[1].Value).Distinct().Where(told.Add).ToArray())
                {
                    body.Append(CultureInfo.InvariantCulture, $"fragment {name} on {Fragments[name].On} {{\n");
                    foreach (var part in Fragments[name].Parts)
                        part.Print(body, 1);
                    body.Append("}\n");
                    more = true;
                }
            }
            var used = Used(body.ToString()).Select(v => $"${v}: {Variables[v].Type}{(Variables[v].Default is { } standard ? " = " + standard : "")}").ToArray();
            return "query Asked" + (used.Length > 0 ? $"({string.Join(", ", used)})" : "") + body;
        }
    }

    public string VariablesJson => "{" + string.Join(", ", Used(Text).Where(v => Variables[v].Json is not null).Select(v => $"\"{v}\": {Variables[v].Json}")) + "}";

    /// <summary>All lists of selections, those of fragments too.</summary>
    public IEnumerable<List<Part>> Lists() => Lists([.. Fragments.Values.Select(f => f.Parts), Parts]);

    public static IEnumerable<List<Part>> Lists(params IEnumerable<List<Part>> of)
    {
        var open = new Stack<List<Part>>(of);
        while (open.TryPop(out var list))
        {
            yield return list;
            foreach (var part in list)
                if (part.Parts is not null)
                    open.Push(part.Parts);
        }
    }

    /// <summary>What each root field that has something wrong in it must tell.</summary>
    public Dictionary<string, ToldError> ToldErrors()
    {
        var text = Text;
        return Wrong.GroupBy(w => w.Value.Path[0]).ToDictionary(w => w.Key, w =>
        {
            var (key, (code, path)) = w.First();
            var lines = text[..text.IndexOf(key + ":", StringComparison.Ordinal)].Split('\n');
            return new ToldError(code, string.Join('.', path), $"{lines.Length}:{lines[^1].Length + 1}");
        });
    }

    private string[] Used(string text) => [.. Variable().Matches(text).Select(m => m.Groups[1].Value).Where(Variables.ContainsKey).Distinct()];

    [GeneratedRegex(@"\.\.\.(F\d+)")]
    private static partial Regex Spread();

    [GeneratedRegex(@"\$(v\d+)")]
    private static partial Regex Variable();
}
