using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Lists;

/// <summary>A list as a table of any length, of which only what is seen is there.</summary>
sealed partial class RecordTable
{
    /// <summary>In pixels, before the browser has measured one.</summary>
    private const int RowHeight = 42;

    private ListColumns _columns = null!;
    private RowSource? _source;
    private int _from;
    private int _count = RowSource.Page;
    private double _height = RowHeight;
    private string? _key;
    private bool _isAttached;
    private CancellationTokenSource? _loading;
    private CancellationTokenSource? _passing;

    /// <summary>The heading of a column was chosen, null = the name's; whether besides the others.</summary>
    [Parameter]
    public EventCallback<(string? Column, bool Adds)> Sorted { get; set; }

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
        var (source, cancellation) = (_source, _loading!.Token);
        if (await Ask(() => source.Renew(_from, _count, cancellation)))
            await Counted.InvokeAsync(source.Total);
    }

    private async Task Load()
    {
        Stop();
        _loading = new();
        var cancellation = _loading.Token;
        var source = new RowSource(Door, ListRequests.Of(Session.Model, Type, View, Orders, L.Today, _columns), _columns, Time);
        (_source, _wrong, _from) = (source, null, 0);
        if (_isAttached)
            TableScript.Reset();
        if (await Ask(() => source.Bring(0, _count, cancellation)))
            await Counted.InvokeAsync(source.Total);
    }

    /// <summary>The line behind the last that is drawn.</summary>
    private int Until => Math.Min(_from + _count, _source!.Total!.Value);

    private string Height(int lines) => (Math.Max(0, lines) * _height).ToString("0.##", CultureInfo.InvariantCulture) + "px";

    /// <summary>Draws the lines that are seen now; those that are not here come a little later.</summary>
    private async void Show(double from, double count, double height)
    {
        // The script may see something once more after the table has gone.
        if (_loading is not { } loading)
            return;
        (_from, _count, _height) = ((int)from, (int)count, height);
        if (_source is not { Total: { } total } source)
            return;
        _from = Math.Clamp(_from, 0, Math.Max(0, total - _count));
        StateHasChanged();
        _passing?.Cancel();
        _passing?.Dispose();
        _passing = null;
        if (source.Has(_from, _count))
            return;
        _passing = CancellationTokenSource.CreateLinkedTokenSource(loading.Token);
        var cancellation = _passing.Token;
        if (await Ask(() => source.Bring(_from, _count, cancellation)) && total != source.Total)
            await Counted.InvokeAsync(source.Total);
        if (!cancellation.IsCancellationRequested)
            StateHasChanged();
    }

    private protected override Task Again() => Load();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var isThere = _wrong is null && _source is { Total: not (null or 0) };
        if (isThere == _isAttached)
            return;
        _isAttached = isThere;
        if (!isThere)
            return;
        await TableScript.Open(Navigation.BaseUri);
        if (_isAttached)
            TableScript.Attach(Show);
    }

    /// <summary>How a heading is sorted by: whether descending, null = not at all; and which of several orders it is, from 1, 0 when it is the only one.</summary>
    private (bool? Descends, int Place) SortOf(ImmutableArray<Order> of)
    {
        var at = ListFields.Find(Orders, of);
        return at < 0 ? (null, 0) : ((bool?)Orders[at].Descending, Orders.Length > of.Length ? at + 1 : 0);
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

    private void Stop()
    {
        _passing?.Cancel();
        _passing?.Dispose();
        _passing = null;
        _loading?.Cancel();
        _loading?.Dispose();
        _loading = null;
    }

    public void Dispose()
    {
        Forget();
        _isAttached = false;
        Stop();
    }
}
