using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Xrm.Core.Administration;
using Xrm.PluginLoading;
using Xrm.Sdk;

namespace Xrm.Host.Uploads;

/// <summary>A package that was sent here.</summary>
/// <param name="Sha256">Its hash, by which it is asked for: 64 hexadecimal digits in lower case.</param>
/// <param name="Manifest">What it says of itself.</param>
/// <param name="TrustedBy">Why it is trusted (<c>bundled</c>, <c>hash</c>, <c>certificate</c>); null = it is not.</param>
internal sealed record Upload(string Sha256, PluginManifest Manifest, string? TrustedBy);

/// <summary>Packages that administrators sent, kept in files of the host's own until they are planned and installed: an hour at most, and not many. All members may be used from several threads at once.</summary>
/// <param name="folder">Where they lie; made when it is needed.</param>
/// <param name="reader">Knows what came with the host.</param>
/// <param name="trust">Who vouches for a package.</param>
/// <param name="time">The clock.</param>
internal sealed class PackageUploads(string folder, PackageReader reader, Func<ReadOnlyMemory<byte>, string, PackageTrust> trust, TimeProvider time)
{
    /// <summary>How many are kept; the oldest go first.</summary>
    public const int Most = 16;
    private const int MostAtOnce = 4;
    private const int Piece = 1 << 16;
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private int _coming;

    /// <summary>What a package may weigh, in bytes.</summary>
    public long Largest { get; init; } = new PackageLimits().Package;

    /// <summary>Takes a package in. What is no package is not kept.</summary>
    /// <exception cref="Problem">Limit: it is too large, or too many come at once. Invalid: all that is wrong with it. Unavailable: it cannot be kept.</exception>
    public async Task<Upload> Take(Stream body, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _coming) > MostAtOnce)
        {
            Interlocked.Decrement(ref _coming);
            throw new Problem(ProblemCode.Unavailable, Label.Of($"{MostAtOnce} paquets arrivent déjà. Réessayez plus tard.", $"{MostAtOnce} packages are coming in already. Try again later."));
        }
        DataFolder.Make(folder);
        var part = Path.Combine(folder, EntityId.New(time.GetUtcNow()) + ".part");
        try
        {
            var sha256 = await Write(part, body, cancellation);
            var upload = Read(part, sha256);
            lock (_lock)
            {
                File.Move(part, PathOf(sha256), overwrite: true);
                File.SetLastWriteTimeUtc(PathOf(sha256), time.GetUtcNow().UtcDateTime);
                Sweep();
            }
            return upload;
        }
        finally
        {
            File.Delete(part);
            Interlocked.Decrement(ref _coming);
        }
    }

    /// <summary>The bytes of a package that was sent; null when there is none of that hash, or none any more.</summary>
    public ReadOnlyMemory<byte>? Find(string sha256)
    {
        if (Trust.TrustList.Normal(sha256) is not { } name)
            return null;
        lock (_lock)
        {
            Sweep();
            var path = PathOf(name);
            return File.Exists(path) ? File.ReadAllBytes(path) : default(ReadOnlyMemory<byte>?);
        }
    }

    /// <summary>Takes away what an earlier run left.</summary>
    public void Clear()
    {
        if (Directory.Exists(folder))
            foreach (var file in Directory.EnumerateFiles(folder, "*.nupkg").Concat(Directory.EnumerateFiles(folder, "*.part")))
                File.Delete(file);
    }

    private async Task<string> Write(string path, Stream body, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            await using var file = DataFolder.Create(path);
            long length = 0;
            while (await body.ReadAsync(piece, cancellation) is var read && read > 0)
            {
                if ((length += read) > Largest)
                    throw TooLarge();
                hash.AppendData(piece, 0, read);
                await file.WriteAsync(piece.AsMemory(0, read), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private Upload Read(string path, string sha256)
    {
        var manifest = PackageReader.Read(path, sha256);
        if (reader.IsBundled(sha256))
            return new(sha256, manifest, "bundled");
        var found = trust(File.ReadAllBytes(path), sha256);
        return found.Faults.IsEmpty ? new(sha256, manifest, found.By) : throw new Problem(found.Faults);
    }

    /// <summary>What a package that is too large is answered.</summary>
    public Problem TooLarge() => new(ProblemCode.Limit, Label.Of($"Le paquet dépasse {Largest} octets.", $"The package is larger than {Largest} bytes."), rule: "packageBytes");

    private string PathOf(string sha256) => Path.Combine(folder, sha256 + ".nupkg");

    /// <summary>Takes away those that are too old, and of too many the oldest.</summary>
    private void Sweep()
    {
        if (!Directory.Exists(folder))
            return;
        var oldest = time.GetUtcNow().UtcDateTime - Life;
        var newestFirst = new DirectoryInfo(folder).EnumerateFiles("*.nupkg").OrderByDescending(f => f.LastWriteTimeUtc).ToImmutableArray();
        foreach (var (index, file) in newestFirst.Index())
            if (index >= Most || file.LastWriteTimeUtc <= oldest)
                file.Delete();
    }
}
