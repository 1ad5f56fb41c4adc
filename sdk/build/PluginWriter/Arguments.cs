namespace Xrm.PluginWriter;

/// <summary>What the build tells: lines of a file, each <c>name=value</c>; a name may come several times.</summary>
internal sealed class Arguments
{
    private readonly ILookup<string, string> _values;

    private Arguments(IEnumerable<string> lines) => _values = lines
        .Select(line => line.Trim())
        .Where(line => line.Contains('=', StringComparison.Ordinal))
        .Select(line => (Name: line[..line.IndexOf('=', StringComparison.Ordinal)], Value: line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]))
        .Where(pair => pair.Value.Length > 0)
        .ToLookup(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);

    public static Arguments Read(string file) => new(File.ReadAllLines(file));

    public IEnumerable<string> All(string name) => _values[name];

    public string? Find(string name) => _values[name].FirstOrDefault();

    public string One(string name) => Find(name) ?? throw new BuildFailure("XRM0001", $"the argument \"{name}\" is missing");
}

/// <summary>The build cannot go on.</summary>
internal sealed class BuildFailure(string code, params string[] lines) : Exception(string.Join('\n', lines))
{
    public string Code { get; } = code;

    public IReadOnlyList<string> Lines { get; } = lines;
}
