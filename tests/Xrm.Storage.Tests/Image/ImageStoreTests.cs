using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Core.Storage;

namespace Xrm.Storage.Tests.Image;

public class ImageStoreTests : StoreSpec
{
    private readonly MemoryJournal _journal = new();

    internal override IStore Open() => ImageStore.Open(_journal);

    internal override IStore Reopen() => ImageStore.Open(_journal);
}
