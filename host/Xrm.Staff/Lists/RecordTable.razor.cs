using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Model;

namespace Xrm.Staff.Lists;

/// <summary>A list as a table of any length, of which only what is seen is there.</summary>
sealed partial class RecordTable
{
    /// <summary>In pixels, before the browser has measured one.</summary>
    private const int RowHeight = 42;

    private ListColumns _columns = null!;
    private RowSource? _source;
    private Virtualize<ListRow>? _rows;
    private ElementReference _box;
    private IJSObjectReference? _module;
    private string? _key;
    private Label? _wrong;
    private bool _isAttached;
    private CancellationTokenSource _loading = new();

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

    /// <summary>The heading of a column was chosen, null = the name's; whether besides the others.</summary>
    [Parameter]
    public EventCallback<(string? Column, bool Adds)> Sorted { get; set; }

    /// <summary>How many there are, once it is known.</summary>
    [Parameter]
    public EventCallback<int?> Counted { get; set; }

    /// <summary>Shown when there are none.</summary>
    [Parameter]
    public RenderFragment? Nothing { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        var key = $"{Session.Model.Version} {L.Code} {Type.Name} {ListAddress.Write(View with { Columns = Columns, Board = null })}";
        if (_key == key)
        {
            await Refresh();
            return;
        }
        _key = key;
        _edition = Edition;
        _columns = new(Session.Model, L, Type, Columns);
        await Load();
    }

    private int _edition;

    private async Task Refresh()
    {
        if (_edition == Edition || _source is null)
            return;
        _edition = Edition;
        _source.Forget();
        if (_rows is { } rows)
            await rows.RefreshDataAsync();
        else
            await Load();
        await Counted.InvokeAsync(_source.Total);
    }

    private async Task Load()
    {
        await _loading.CancelAsync();
        _loading.Dispose();
        _loading = new();
        var cancellation = _loading.Token;
        var source = new RowSource(Door, ListRequests.Of(Session.Model, Type, View, Orders, L.Today, _columns), _columns, Time);
        (_source, _wrong) = (source, null);
        if (_isAttached)
            await _module!.InvokeVoidAsync("reset", _box);
        if (await Ask(async () => await source.Rows(0, 50, cancellation)))
            await Counted.InvokeAsync(source.Total);
    }

    private Task Again()
    {
        _source?.Forget();
        return Load();
    }

    private async ValueTask<ItemsProviderResult<ListRow>> Provide(ItemsProviderRequest request)
    {
        var source = _source!;
        var (rows, total) = ((IReadOnlyList<ListRow>)[], source.Total ?? 0);
        var count = total;
        if (!await Ask(async () => (rows, total) = await source.Rows(request.StartIndex, request.Count, request.CancellationToken)))
            StateHasChanged();
        else if (count != total)
            await Counted.InvokeAsync(total);
        return new(rows, total);
    }

    /// <summary>Asks for something; false when there is no answer, which is then told.</summary>
    private async Task<bool> Ask(Func<Task> ask)
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
            await Browser.GoSignIn();
        }
        catch (OperationCanceledException)
        {
            // Something else is wanted by now.
        }
        return false;
    }

    protected override void OnInitialized() => Connection.Changed += Returned;

    private void Returned()
    {
        if (Connection.IsThere && _wrong is not null)
            _ = InvokeAsync(async () =>
            {
                await Again();
                StateHasChanged();
            });
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var isThere = _wrong is null && _source is { Total: not (null or 0) };
        if (isThere == _isAttached)
            return;
        _isAttached = isThere;
        if (!isThere)
            return;
        _module ??= await Script.InvokeAsync<IJSObjectReference>("import", "./Lists/RecordTable.razor.js");
        await _module.InvokeVoidAsync("attach", _box);
    }

    /// <summary>How a heading is sorted by: whether descending, null = not at all; and which of several orders it is, from 1, 0 when it is the only one.</summary>
    private (bool? Descends, int Place) SortOf(ImmutableArray<Order> of)
    {
        var at = ListFields.Find(Orders, of);
        return at < 0 ? default : (Orders[at].Descending, Orders.Length > of.Length ? at + 1 : 0);
    }

    private static RenderFragment Shown(ListCell cell) => builder =>
    {
        for (var i = 0; i < cell.Parts.Length; i++)
        {
            if (i > 0)
                builder.AddContent(0, ", ");
            var part = cell.Parts[i];
            if (part.Address is null)
                builder.AddContent(1, part.Text);
            else
            {
                builder.OpenElement(2, "a");
                builder.AddAttribute(3, "href", part.Address);
                builder.AddAttribute(4, "tabindex", "-1");
                builder.AddContent(5, part.Text);
                builder.CloseElement();
            }
        }
        if (cell.More > 0)
        {
            builder.OpenElement(6, "span");
            builder.AddAttribute(7, "class", "more");
            builder.AddContent(8, $" +{cell.More}");
            builder.CloseElement();
        }
    };

    private RenderFragment Waiting(int index) => builder =>
    {
        builder.OpenElement(0, "tr");
        builder.AddAttribute(1, "id", $"row-{index}");
        builder.AddAttribute(2, "aria-rowindex", index + 2);
        builder.AddAttribute(3, "class", "waiting");
        Cell(builder, "th");
        for (var i = 0; i <= _columns.All.Length; i++)
            Cell(builder, "td");
        builder.CloseElement();
    };

    private void Cell(RenderTreeBuilder builder, string element)
    {
        builder.OpenElement(4, element);
        if (element == "th")
            builder.AddAttribute(5, "scope", "row");
        builder.OpenElement(6, "i");
        if (element == "th")
        {
            builder.OpenElement(7, "span");
            builder.AddAttribute(8, "class", "visually-hidden");
            builder.AddContent(9, L[Shell.Words.Loading]);
            builder.CloseElement();
        }
        builder.CloseElement();
        builder.CloseElement();
    }

    public async ValueTask DisposeAsync()
    {
        Connection.Changed -= Returned;
        await _loading.CancelAsync();
        _loading.Dispose();
        if (_module is { } module)
            await module.DisposeAsync();
    }
}
