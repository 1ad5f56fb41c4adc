using Xrm.Core.Image;
using Xrm.Sdk;

namespace Xrm.Storage.LiteDb;

/// <summary>The embedded store: the image answers, a LiteDB file of the data folder keeps the truth.</summary>
internal static class LiteDbStore
{
    /// <summary>Opens the store of a folder, made when it is not there. The folder is this process's until the store is disposed of.</summary>
    /// <exception cref="Problem">Unavailable: the folder is in use (the message names the process), cannot be written, is damaged, or of a newer version. Nothing was changed.</exception>
    public static ImageStore Open(string folder, ImageStoreOptions? options = null)
    {
        LiteDbJournal? journal = null;
        try
        {
            journal = LiteDbJournal.Open(folder);
            return ImageStore.Open(journal, options);
        }
        catch (StoreFault fault)
        {
            journal?.Dispose();
            throw fault.Problem;
        }
        catch
        {
            journal?.Dispose();
            throw;
        }
    }
}
