using System.Security.Cryptography;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Storage;
using Xrm.Sdk;

namespace Xrm.Core.Files;

/// <summary>The contents of files beside the records, written in the writer's turn between blocks: a piece each time, so that a long file holds nobody up.</summary>
internal sealed class FileStore(IJournal journal, ImageWriter writer, BlockLog log, TimeProvider time) : IFiles
{
    private const int LastIndex = BlockBuilder.ChangesLimit - 1;

    public async ValueTask<KeptFile> Take(Stream content, long most, string actor, CancellationToken cancellation)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[KeptFile.PieceSize];
        List<long> pieces = [];
        var isKept = false;
        try
        {
            long size = 0;
            while (await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false) is var read and > 0)
            {
                if ((size += read) > most)
                    throw TooLarge(most);
                sum.AppendData(buffer, 0, read);
                await Write(() => pieces.AddRange(journal.Stage([buffer.AsMemory(0, read)]))).ConfigureAwait(false);
            }
            var hash = Convert.ToHexStringLower(sum.GetHashAndReset());
            KeptFile? kept = null;
            await Write(() => (kept, isKept) = Keep(hash, size, pieces, new(actor, time.GetUtcNow()))).ConfigureAwait(false);
            return kept!;
        }
        finally
        {
            if (!isKept && pieces.Count > 0)
                await writer.Between(() => journal.Files.Abandon(pieces)).ConfigureAwait(false);
        }
    }

    public KeptFile? Find(string hash) => Read(() => journal.Files.Find(hash));

    public Stream Open(KeptFile file) => new PieceStream(journal.Files, file);

    public IEnumerable<KeptFile> All()
    {
        string? last = null;
        while (Read(() => journal.Files.Behind(last)) is { Count: > 0 } page)
        {
            foreach (var file in page)
                yield return file;
            last = page[^1].Hash;
        }
    }

    public async ValueTask<int> Sweep(CancellationToken cancellation)
    {
        var oldest = time.GetUtcNow() - KeptFile.Life;
        var old = All().Where(f => !f.IsNamed && f.SentAt <= oldest).ToDictionary(f => f.Hash, StringComparer.Ordinal);
        if (old.Count == 0)
            return 0;
        var head = log.Head;
        var named = await Task.Run(() => Named(old, new(old.Values.Min(f => f.Block), LastIndex), cancellation), cancellation).ConfigureAwait(false);
        var swept = 0;
        foreach (var file in old.Values)
        {
            cancellation.ThrowIfCancellationRequested();
            await Write(() => swept += Settle(file, named, head, oldest) ? 1 : 0).ConfigureAwait(false);
        }
        return swept;
    }

    /// <summary>In the writer's turn: has it looked for anew whether the log names what some changes name, which are about to be erased.</summary>
    /// <exception cref="IOException">It could not be put down.</exception>
    public void Forget(IEnumerable<RecordChange> erased)
    {
        foreach (var hash in erased.SelectMany(c => FileMentions.Hashes(c.Before).Concat(FileMentions.Hashes(c.After))).Distinct())
            if (journal.Files.Find(hash) is { IsNamed: true } file)
                journal.Files.Note(file with { IsNamed = false });
    }

    /// <summary>What a file that is too large is answered.</summary>
    public static Problem TooLarge(long most) =>
        new(ProblemCode.Limit, Label.Of($"Le fichier dépasse {most} octets.", $"The file is larger than {most} bytes."), rule: "fileBytes");

    /// <summary>In the writer's turn: keeps what came in, or notes that it came once more.</summary>
    /// <returns>Whether the pieces are its own now.</returns>
    private (KeptFile File, bool IsKept) Keep(string hash, long size, List<long> pieces, FileSending sending)
    {
        if (journal.Files.Find(hash) is { } there)
        {
            var again = there.Again(sending);
            journal.Files.Note(again);
            return (again, false);
        }
        var file = new KeptFile(hash, size, writer.Root.Block, [sending]);
        journal.Files.Add(file, pieces);
        return (file, true);
    }

    /// <summary>In the writer's turn, when nothing can come to name it any more: takes a content away, or notes that it is named.</summary>
    /// <param name="named">What the log names up to a place.</param>
    private bool Settle(KeptFile file, HashSet<string> named, Cursor upTo, DateTimeOffset oldest)
    {
        if (journal.Files.Find(file.Hash) is not { IsNamed: false } now || now.SentAt > oldest)
            return false;
        if (named.Contains(file.Hash) || Named(new() { [file.Hash] = now }, upTo, default).Count > 0)
        {
            journal.Files.Note(now with { IsNamed = true });
            return false;
        }
        journal.Files.Drop(file.Hash);
        return true;
    }

    /// <summary>Those of some contents that changes behind a place name, before or afterwards.</summary>
    private HashSet<string> Named(Dictionary<string, KeptFile> files, Cursor after, CancellationToken cancellation)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in log.Behind(after, cancellation))
            foreach (var values in (byte[][])[change.Before, change.After])
                named.UnionWith(FileMentions.Hashes(values).Where(files.ContainsKey));
        return named;
    }

    private async ValueTask Write(Action work)
    {
        try
        {
            await writer.Between(work).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFaults.CannotWrite(e);
        }
    }

    private static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFaults.CannotRead(e);
        }
    }
}
