namespace Xrm.Core.Image;
internal sealed class ImageStore
{
    public static Xrm.Core.Storage.IStore Open(Xrm.Core.Log.IJournal j) => throw new NotImplementedException();
}
internal sealed record ImageStoreOptions;
