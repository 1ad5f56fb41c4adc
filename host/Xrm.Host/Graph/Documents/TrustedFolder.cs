using System.Text;
using Microsoft.Extensions.Logging;
using Xrm.GraphQL.Documents;
using Xrm.Sdk;

namespace Xrm.Host.Graph.Documents;

/// <summary>A folder with lists of trusted documents: <c>*.json</c> as the builds of clients write them, <c>*.graphql</c> for a document alone. What is changed there holds a moment later.</summary>
/// <param name="folder">Need not be there.</param>
/// <param name="time">By which it is looked at.</param>
/// <param name="log">Where a list that can no longer be read is told of; the last that could be stays in force.</param>
internal sealed class TrustedFolder(string folder, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly Lock _lock = new();
    private volatile TrustedDocuments _documents = TrustedDocuments.None;
    private string _stamp = "";
    private long _looked;

    /// <summary>Reads it for the first time.</summary>
    /// <exception cref="Problem">Invalid: a list cannot be read, or two documents have one id; all reasons.</exception>
    public void Open()
    {
        _stamp = Stamp();
        _documents = Read();
        Interlocked.Exchange(ref _looked, time.GetTimestamp());
    }

    /// <summary>The documents as they are now, or were two seconds ago.</summary>
    public TrustedDocuments Now()
    {
        if (time.GetElapsedTime(Interlocked.Read(ref _looked)) > Between && _lock.TryEnter())
            try
            {
                Look();
            }
            finally
            {
                _lock.Exit();
            }
        return _documents;
    }

    private void Look()
    {
        Interlocked.Exchange(ref _looked, time.GetTimestamp());
        try
        {
            var stamp = Stamp();
            if (stamp == _stamp)
                return;
            _stamp = stamp;
            _documents = Read();
            log.LogInformation("{Count} trusted GraphQL documents are known now", _documents.Count);
        }
        catch (Exception e) when (e is Problem or IOException or UnauthorizedAccessException)
        {
            log.LogWarning("The trusted GraphQL documents cannot be read, those known before stay in force: {Reason}", e.Message);
        }
    }

    private TrustedDocuments Read()
    {
        var listed = new List<ListedDocument>();
        var faults = new List<Fault>();
        foreach (var file in Files())
            try
            {
                if (file.Extension == ".json")
                    listed.AddRange(DocumentManifest.Read(File.ReadAllBytes(file.FullName), file.FullName));
                else
                    listed.Add(new(null, Strict.GetString(File.ReadAllBytes(file.FullName))));
            }
            catch (Problem problem)
            {
                faults.AddRange(problem.Faults);
            }
            catch (Exception e) when (e is DecoderFallbackException or IOException or UnauthorizedAccessException)
            {
                faults.Add(new(ProblemCode.Invalid, Label.Of($"{file.FullName} : illisible ({e.Message}).", $"{file.FullName}: cannot be read ({e.Message})."), file.FullName, "documents"));
            }
        return faults.Count == 0 ? TrustedDocuments.Of(listed) : throw new Problem(faults);
    }

    private string Stamp() => string.Join('|', Files().Select(f => $"{f.Name}/{f.Length}/{f.LastWriteTimeUtc.Ticks}"));

    private IEnumerable<FileInfo> Files()
    {
        var here = new DirectoryInfo(folder);
        return here.Exists ? here.EnumerateFiles().Where(f => f.Extension is ".json" or ".graphql").OrderBy(f => f.Name, StringComparer.Ordinal) : [];
    }
}
