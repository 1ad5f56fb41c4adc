using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Forms;

/// <summary>All fields of a thing to fill in: of a new one also what it is related to from the start.</summary>
sealed partial class ThingForm
{
    private static readonly Label General = Label.Of("Informations", "Details");

    private bool _hasTried, _isDone, _isRestored, _isBehind;
    private string? _leavingTo;

    [Parameter, EditorRequired]
    public ModelType Type { get; set; } = null!;

    /// <summary>What is changed; null = a new one is made. It may become newer while somebody types.</summary>
    [Parameter]
    public Entity? Thing { get; set; }

    /// <summary>To what a new thing is related from the start: an end of its type, and the other thing.</summary>
    [Parameter]
    public (ModelEnd End, Hit Other)? From { get; set; }

    /// <summary>It is saved; the thing's id.</summary>
    [Parameter]
    public EventCallback<EntityId> Saved { get; set; }

    /// <summary>Nothing is wanted any more.</summary>
    [Parameter]
    public EventCallback Cancelled { get; set; }

    private bool IsUnsaved => !_isDone && Form.IsChanged;

    private IEnumerable<IGrouping<Label, Entry>> Groups => Form.Entries.GroupBy(e => e.Field.Group ?? General);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Form = Fresh();
        _isRestored = Drafts.Restore(Form);
    }

    protected override void OnParametersSet()
    {
        if (Form is not null && Thing is { } thing && !IsBusy && Theirs is null)
            _isBehind = !Form.Follow(thing);
    }

    private FormState Fresh()
    {
        var form = new FormState(Type, Session.Model, L, Thing);
        if (Thing is null && From is var (end, other))
            if (end.IsToOne)
                form.Ends.Choose(end, other);
            else
                form.Related = (end, other);
        return form;
    }

    private static string Id(string name) => "field-" + name;

    private void Changed() => Drafts.Keep(Form);

    private void Choose(ModelEnd end, Hit? hit)
    {
        Form.Ends.Choose(end, hit);
        Drafts.Keep(Form);
    }

    private protected override async Task Done()
    {
        _isDone = true;
        await Saved.InvokeAsync(Form.Id);
    }

    private protected override async Task Refused()
    {
        _hasTried = true;
        StateHasChanged();
        await Task.Yield();
        Browser.Focus("#faults");
    }

    private void StartOver()
    {
        Drafts.Drop(Form);
        (Form, _isRestored, _hasTried) = (Fresh(), false, false);
        StopWaiting();
    }

    private async Task Cancel()
    {
        if (Thing is null)
        {
            await Cancelled.InvokeAsync();
            return;
        }
        Drafts.Drop(Form);
        _isDone = true;
        await Cancelled.InvokeAsync();
    }

    private void BeforeLeaving(LocationChangingContext leaving)
    {
        if (!IsUnsaved)
            return;
        leaving.PreventNavigation();
        _leavingTo = leaving.TargetLocation;
        StateHasChanged();
    }

    private void Leave()
    {
        Drafts.Drop(Form);
        _isDone = true;
        Navigation.NavigateTo(_leavingTo!);
    }
}
