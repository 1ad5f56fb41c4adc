using Xrm.Sdk;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Door;

/// <summary>A file that somebody chose; the browser holds it until it is sent or forgotten.</summary>
/// <param name="Key">By which the browser's script knows it.</param>
/// <param name="Size">In bytes.</param>
internal sealed record ChosenFile(int Key, string Name, long Size);

/// <summary>Sends files by the browser's own request: it streams from the disk, tells how far it is, and none of the file is in the app's memory.</summary>
internal sealed class FileSender(Wire wire, Language language)
{
    private static readonly FileType Type = new();

    private long? _largest;

    public async Task<FileReference> Send(ChosenFile file, IProgress<long> progress, CancellationToken cancellation) => Type.FromValue(await wire.Answer(
        () => Browser.SendFile(file.Key, $"files?name={Uri.EscapeDataString(file.Name)}", language.Code, sent => progress.Report((long)sent)),
        () => Browser.StopSending(file.Key),
        cancellation));

    public async Task<long?> Largest() => _largest ??= await Browser.LargestFile() is var most and > 0 ? (long)most : null;
}
