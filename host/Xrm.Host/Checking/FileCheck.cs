using System.Security.Cryptography;
using Xrm.Core;
using Xrm.Core.Files;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Host.Checking;

/// <summary>Sees whether every content that the log names is kept, and every content that is kept is the one that its hash says.</summary>
internal sealed class FileCheck(Engine engine, List<Label> faults)
{
    /// <summary>The thing or relationship that first named each.</summary>
    private readonly Dictionary<string, Guid> _named = new(StringComparer.Ordinal);

    /// <summary>How many contents were looked at.</summary>
    public int Files { get; private set; }

    /// <summary>Takes note of what a change names.</summary>
    public void Note(RecordChange change)
    {
        foreach (var values in (byte[][])[change.Before, change.After])
            foreach (var hash in FileMentions.Hashes(values))
                _named.TryAdd(hash, change.Id);
    }

    /// <summary>Reads all contents, once the whole log was noted.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        foreach (var file in engine.Files.All())
        {
            _named.Remove(file.Hash);
            Files++;
            if (await Wrong(file, cancellation) is { } wrong)
                faults.Add(Label.Of($"Le contenu du fichier {file.Hash} est abîmé : {wrong}", $"The content of the file {file.Hash} is damaged: {wrong}"));
        }
        // One that was sent while this went on lies elsewhere in the order.
        foreach (var (hash, id) in _named)
            if (engine.Files.Find(hash) is null)
                faults.Add(Label.Of($"La fiche {id} nomme un fichier dont le contenu n'est pas là : {hash}.", $"The record {id} names a file whose content is not there: {hash}."));
    }

    /// <summary>What is wrong with a content; null when nothing is.</summary>
    private async Task<string?> Wrong(KeptFile file, CancellationToken cancellation)
    {
        try
        {
            using var content = engine.Files.Open(file);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) == file.Hash ? null : "SHA-256";
        }
        // Swept meanwhile.
        catch (IOException) when (engine.Files.Find(file.Hash) is null)
        {
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }
}
