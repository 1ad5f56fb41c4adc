using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Live;
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
        _ = CatchUp();
        while (true)
            try
            {
                await foreach (var news in door.Changes(["Model"], CancellationToken.None))
                    if (news.Kind == ChangeKind.Model)
                        await Reload();
            }
            catch (SignedOutException)
            {
                return;
            }
            catch (Exception e) when (e is Problem or ServerGoneException)
            {
                await Task.Delay(TimeSpan.FromSeconds(5), time);
                await Reload();
            }
    }

    /// <summary>The model may have changed between being read and being listened to.</summary>
    private async Task CatchUp()
    {
        await Task.Delay(Waves.Connecting, time);
        await Reload();
    }

    private async Task Reload()
    {
        try
        {
            var welcome = await door.Model(CancellationToken.None);
            var isOther = welcome.Model.Version != Model.Version || !welcome.Me.Roles.SequenceEqual(Me.Roles, StringComparer.Ordinal);
            if (!isOther)
                return;
            _welcome = welcome;
            Changed?.Invoke();
        }
        catch (Exception e) when (e is Problem or ServerGoneException or SignedOutException)
        {
            // The next news, or the next page, asks again.
        }
    }
}
