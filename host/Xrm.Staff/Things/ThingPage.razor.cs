using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Things;

/// <summary>All of one thing: its fields, its relationships in time, its history; it follows what others change.</summary>
sealed partial class ThingPage
{
    /// <summary>How many relationships of each end are brought at first, and each time more are wanted.</summary>
    private static readonly int[] Steps = [20, 100, 500];

    private ModelType? _type;
    private EntityId _id;
    private DateOnly? _at;
    private Sheet? _sheet;
    private Label? _wrong;
    private bool _isGone;
    private int _step;
    private DateTimeOffset _savedAt;
    private CancellationTokenSource _watching = new();

    [Parameter]
    public string Plural { get; set; } = "";

    [Parameter]
    public string Key { get; set; } = "";

    /// <summary>A day, yyyy-MM-dd; anything else is none.</summary>
    [SupplyParameterFromQuery(Name = "at")]
    public string? At { get; set; }

    /// <summary>Anything: all fields are shown to be changed at once.</summary>
    [SupplyParameterFromQuery(Name = "edit")]
    public string? Edit { get; set; }

    private bool IsEditing => Edit is not null && _type is { CanUpdate: true };

    protected override async Task OnParametersSetAsync()
    {
        var type = Session.Model.ByPlural.GetValueOrDefault(Plural);
        var at = DateOnly.TryParseExact(At, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null;
        if (type is null || !EntityId.TryParse(Key, out var id))
        {
            _type = null;
            return;
        }
        var isOther = _type?.Name != type.Name || _id != id;
        if (!isOther && ReferenceEquals(_type, type) && _at == at)
            return;
        (_type, _id, _at) = (type, id, at);
        if (isOther)
            (_sheet, _step) = (null, 0);
        await Load();
        if (isOther && _sheet is { } sheet)
            Recents.Add(new(type.Name, id, Naming.Of(Session.Model, L, sheet.Entity)));
    }

    private SheetRequest Request => new(_type!, _id, [.. _type!.Ends.Select(e => e.Name)]) { At = _at, First = Steps[_step] };

    private async Task Load()
    {
        await _watching.CancelAsync();
        _watching.Dispose();
        _watching = new();
        var cancellation = _watching.Token;
        try
        {
            Show(await Door.Find(Request, cancellation));
            _ = Follow(Request, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Another page was asked for.
        }
        catch (SignedOutException)
        {
            Browser.GoSignIn();
        }
        catch (ServerGoneException)
        {
            _wrong ??= _sheet is null ? Label.Of("Le serveur ne répond pas.", "The server does not answer.") : null;
        }
        catch (Problem problem)
        {
            _wrong = problem.Faults[0].Message;
        }
    }

    /// <summary>Shows what others change, as soon as they do.</summary>
    private async Task Follow(SheetRequest request, CancellationToken cancellation)
    {
        try
        {
            await foreach (var sheet in Door.Watch(request, cancellation))
            {
                if (!IsEditing && _sheet is { } old && sheet is not null && old.Entity.Version != sheet.Entity.Version && Time.GetUtcNow() - _savedAt > TimeSpan.FromSeconds(3))
                    Notices.Tell(Label.Of("Cette fiche vient d'être modifiée par quelqu'un d'autre ; elle est à jour.", "Somebody else has just changed this record; it is up to date."));
                Show(sheet);
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // Left.
        }
        catch (Exception e) when (e is Problem or SignedOutException)
        {
            // What is shown stays; the next thing that is asked tells what is wrong.
        }
    }

    private void Show(Sheet? sheet)
    {
        _wrong = null;
        _isGone = sheet is null;
        _sheet = sheet;
    }

    private async Task Saved()
    {
        _savedAt = Time.GetUtcNow();
        await Load();
    }

    private async Task Edited()
    {
        await Saved();
        Notices.Tell(Label.Of("Modifications enregistrées.", "Changes saved."));
        LeaveForm();
    }

    private void LeaveForm() => Navigation.NavigateTo(Paths.Thing(_type!, _id), replace: true);

    private Task Again()
    {
        _wrong = null;
        return Load();
    }

    private Task ShowMore()
    {
        _step = Math.Min(_step + 1, Steps.Length - 1);
        return Load();
    }

    private void GoTo(string? day) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("at", day));

    /// <summary>The ends that have something, those of people's interest first: as the model orders them.</summary>
    private static ImmutableArray<ModelEnd> Shown(ModelType type, Sheet sheet) => [.. type.Ends.Where(e => sheet.Counts.GetValueOrDefault(e.Name) > 0)];

    private ImmutableArray<ModelEnd> Shown(Sheet sheet) => Shown(_type!, sheet);

    private bool IsPast(Period period) => period.To <= L.Today;

    public void Dispose()
    {
        _watching.Cancel();
        _watching.Dispose();
    }
}
