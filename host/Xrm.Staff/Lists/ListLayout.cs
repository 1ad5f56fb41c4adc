using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Lists;

/// <summary>A list as one of its layouts shows it: what each is given, and what happens when there is no answer.</summary>
public abstract class ListLayout : ComponentBase
{
    /// <summary>Why there is nothing to show; null when nothing is wrong.</summary>
    private protected Label? _wrong;

    [Inject]
    private protected IDoor Door { get; set; } = null!;

    [Inject]
    private protected Session Session { get; set; } = null!;

    [Inject]
    private protected Connection Connection { get; set; } = null!;

    [Parameter, EditorRequired]
    public ModelType Type { get; set; } = null!;

    [Parameter, EditorRequired]
    public ListView View { get; set; } = null!;

    /// <summary>Names of columns besides the name of the things.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<string> Columns { get; set; }

    /// <summary>In which order the things are, said or not.</summary>
    [Parameter]
    public ImmutableArray<Order> Orders { get; set; } = [];

    /// <summary>Another number: what is shown may be another by now.</summary>
    [Parameter]
    public int Edition { get; set; }

    /// <summary>How many there are, once it is known.</summary>
    [Parameter]
    public EventCallback<int?> Counted { get; set; }

    /// <summary>Shown when there are none.</summary>
    [Parameter]
    public RenderFragment? Nothing { get; set; }

    /// <summary>Fetches what is shown from the beginning.</summary>
    private protected abstract Task Again();

    protected override void OnInitialized() => Connection.Changed += Returned;

    /// <summary>To be called when it goes.</summary>
    private protected void Forget() => Connection.Changed -= Returned;

    /// <summary>Asks for something; false when there is no answer, which is then told.</summary>
    private protected async Task<bool> Ask(Func<Task> ask)
    {
        try
        {
            await ask();
            return true;
        }
        catch (Problem problem)
        {
            _wrong = problem.Faults[0].Message;
        }
        catch (ServerGoneException)
        {
            _wrong = Label.Of("Le serveur ne répond pas.", "The server does not answer.");
        }
        catch (SignedOutException)
        {
            Browser.GoSignIn();
        }
        catch (OperationCanceledException)
        {
            // Something else is wanted by now.
        }
        return false;
    }

    private void Returned()
    {
        if (Connection.IsThere && _wrong is not null)
            _ = InvokeAsync(async () =>
            {
                await Again();
                StateHasChanged();
            });
    }
}
