namespace Xrm.Storage.Tests.LiteDb;

/// <summary>A folder of its own for a test, gone afterwards.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("xrm-store-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>What a file holds while a store has it open.</summary>
    public static byte[] ReadShared(string path)
    {
        using var handle = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[RandomAccess.GetLength(handle)];
        RandomAccess.Read(handle, bytes, 0).ShouldBe(bytes.Length);
        return bytes;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
