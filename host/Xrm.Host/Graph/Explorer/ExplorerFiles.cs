using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Xrm.Host.Graph.Explorer;

/// <summary>What the explorer is made of, as it lies in the program.</summary>
internal sealed class ExplorerFiles
{
    private const string Prefix = "explorer/";
    private const string PageName = "explorer.html";

    private readonly FrozenDictionary<string, ExplorerFile> _files = Read().ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>The page in a language.</summary>
    public string Page(string language) => Encoding.UTF8.GetString(_files[PageName].Bytes).Replace("{language}", language, StringComparison.Ordinal);

    /// <summary>A script or a style; null when there is none of that name.</summary>
    public ExplorerFile? Find(string name) => name == PageName ? null : _files.GetValueOrDefault(name);

    private static IEnumerable<ExplorerFile> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var bytes = new MemoryStream();
            using (var stream = assembly.GetManifestResourceStream(resource)!)
                stream.CopyTo(bytes);
            yield return new(resource[Prefix.Length..], bytes.ToArray());
        }
    }
}

/// <summary>One of them.</summary>
internal sealed record ExplorerFile(string Name, byte[] Bytes)
{
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Bytes).AsSpan(0, 12))}\"";

    public string MediaType => Path.GetExtension(Name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    };
}
