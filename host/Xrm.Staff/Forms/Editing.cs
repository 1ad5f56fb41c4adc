using Microsoft.AspNetCore.Components;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Forms;

/// <summary>Whatever saves what was typed: it asks in a conflict, and when nobody answers it keeps all and tries again as soon as somebody does.</summary>
public abstract class Editing : ComponentBase, IDisposable
{
    [Inject]
    private Saver Saver { get; set; } = null!;

    [Inject]
    private Connection Connection { get; set; } = null!;

    [Inject]
    private protected Session Session { get; set; } = null!;

    private protected FormState Form { get; set; } = null!;

    private protected bool IsBusy { get; private set; }

    /// <summary>Whether it was sent, nobody answered, and it goes out again by itself.</summary>
    private protected bool IsWaiting { get; private set; }

    /// <summary>The thing as somebody else left it meanwhile, while it is asked what is to stay; else null.</summary>
    private protected Entity? Theirs { get; private set; }

    /// <summary>It is saved.</summary>
    private protected abstract Task Done();

    /// <summary>Something has to be put right first.</summary>
    private protected abstract Task Refused();

    protected override void OnInitialized() => Connection.Changed += TryAgain;

    private protected async Task Save()
    {
        if (IsBusy)
            return;
        IsBusy = true;
        try
        {
            // Kept before it is sent: a reload while it is under way loses nothing either.
            var outcome = await Saver.Save(Form, default);
            IsWaiting = outcome == Outcome.Gone;
            Drafts.Keep(Form);
            if (outcome == Outcome.Conflict)
                outcome = await Ask();
            else if (outcome == Outcome.Missing)
                Form.Faults = [Label.Of("Cette fiche a été supprimée entre-temps.", "This record was deleted meanwhile.")];
            else if (outcome == Outcome.Saved)
                Drafts.Drop(Form);
            IsBusy = false;
            if (outcome == Outcome.Saved)
                await Done();
            else if (outcome is Outcome.Refused or Outcome.Missing)
                await Refused();
        }
        catch (SignedOutException)
        {
            Drafts.Keep(Form);
            Browser.GoSignIn();
        }
        finally
        {
            IsBusy = false;
        }
    }

    /// <summary>It was decided what is to stay.</summary>
    private protected Task Decided()
    {
        Theirs = null;
        return Save();
    }

    private protected void Undecided() => Theirs = null;

    private protected void StopWaiting() => IsWaiting = false;

    private async Task<Outcome> Ask()
    {
        try
        {
            Theirs = await Saver.Now(Form, default);
        }
        catch (ServerGoneException)
        {
            IsWaiting = true;
            return Outcome.Gone;
        }
        // They did the same: what is left goes on from there.
        if (Theirs is { } now && Form.Entries.All(e => Entry.Same(e.Value(out _), FormState.Shown(now, e.Field.Name))))
        {
            Theirs = null;
            Form.Rebase(now);
            // A relationship that both changed: what stands there now is told at its field.
            if (Form.Ends.IsContested && !Form.Check())
                return Outcome.Refused;
        }
        return Outcome.Conflict;
    }

    private async void TryAgain()
    {
        if (!Connection.IsThere || !IsWaiting)
            return;
        await InvokeAsync(Save);
        StateHasChanged();
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Connection.Changed -= TryAgain;
}
