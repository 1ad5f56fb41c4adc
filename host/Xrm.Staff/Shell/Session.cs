using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Model;

namespace Xrm.Staff.Shell;

/// <summary>The model in force and who is signed in; follows the model when plugins change.</summary>
internal sealed class Session(IDoor door, TimeProvider time)
{
    private Welcome? _welcome;

    public bool IsOpen => _welcome is not null;

    public StaffModel Model => (_welcome ?? throw new InvalidOperationException("The session is not open yet.")).Model;

    public Me Me => (_welcome ?? throw new InvalidOperationException("The session is not open yet.")).Me;

    /// <summary>After another model came into force.</summary>
    public event Action? Changed;

    /// <summary>Ends once the first page stands: what can wait until then does.</summary>
    public Task Rest { get; private set; } = Task.CompletedTask;

    /// <summary>Reads who is signed in and what there is; once the first page stands, listens for changes of the model.</summary>
    public async Task Open(CancellationToken cancellation)
    {
        _welcome = await door.Model(cancellation);
        Rest = Browser.Rest();
        _ = Follow();
    }

    private async Task Follow()
    {
        await Rest;
        while (true)
            try
            {
                // By then the model may be another than the one that was read; from this place on it is told.
                var place = await door.Place(CancellationToken.None);
                await Reload();
                await foreach (var news in door.Changes(["Model"], place, CancellationToken.None))
                    if (news.Kind == ChangeKind.Model)
                        break;
            }
            catch (SignedOutException)
            {
                // The next page that asks tells it.
                return;
            }
            catch (Exception e) when (e is Problem or ServerGoneException)
            {
                await Task.Delay(TimeSpan.FromSeconds(5), time);
            }
    }

    private async Task Reload()
    {
        var welcome = await door.Model(CancellationToken.None);
        if (welcome.Model.Version == Model.Version && welcome.Me.Roles.SequenceEqual(Me.Roles, StringComparer.Ordinal))
            return;
        _welcome = welcome;
        Changed?.Invoke();
    }
}
