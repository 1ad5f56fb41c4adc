using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Live;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Lists;

/// <summary>The list of a type: what the address holds is what it shows, and every choice goes through the address.</summary>
sealed partial class RecordsPage
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>What comes so soon after one's own change is that change; and so long news stay.</summary>
    private static readonly TimeSpan Own = TimeSpan.FromSeconds(4);

    private ModelType? _type;
    private ListView _view = new();
    private ImmutableArray<Label> _faults = [];
    private string _shown = "";
    private string _typed = "";
    private int _typing;
    private int? _total;
    private int _edition;
    private int _news;
    private DateTimeOffset _savedAt;
    private string? _dialog;
    private int _at;
    private ConditionDraft? _draft;
    private CancellationTokenSource? _following;

    [Parameter]
    public string Plural { get; set; } = "";

    private string Path => Paths.List(_type!);

    private ImmutableArray<string> ColumnNames => _view.Columns ?? ListFields.Columns(Session.Model, _type!);

    /// <summary>By name unless another order is said; what was searched comes as well as it was found.</summary>
    private ImmutableArray<Order> Orders => !_view.Orders.IsEmpty || _view.Search.Length > 0 ? _view.Orders : ListFields.Orders(_type!);

    private ImmutableArray<ModelField> Boards => ListFields.Boards(Session.Model, _type!);

    private bool HasDays => _type!.IsDated || _type.Ends.Any(e => e.IsDated);

    private string DayChoice => _view.Day.Kind switch { ListDayKind.Today => "today", ListDayKind.Day => "day", _ => "" };

    private string Count => _total is { } total ? L.Count(total, Lower(_type!.Label), Lower(_type.PluralLabel)) : "";

    private string OrderWords => Orders.IsEmpty
        ? _view.Search.Length > 0 ? L[Label.Of("les plus pertinentes d'abord", "the best found first")] : ""
        : L[Label.Of("par ", "by ")] + ConditionText.Of(L, _type!, Orders);

    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        Session.Changed += ModelChanged;
        L.Changed += StateHasChanged;
    }

    protected override void OnParametersSet()
    {
        var type = Session.Model.ByPlural.GetValueOrDefault(Plural);
        if (type?.Name == _type?.Name && ReferenceEquals(type, _type))
            return;
        var isOther = type?.Name != _type?.Name;
        _type = type;
        if (type is null)
            return;
        if (isOther)
            (_total, _dialog) = (null, null);
        Read();
        Follow();
    }

    private void Moved(object? sender, LocationChangedEventArgs moved)
    {
        var address = new Uri(Navigation.Uri);
        if (_type is null || address.AbsolutePath.TrimStart('/') != Path || address.Query == _shown)
            return;
        Read();
        StateHasChanged();
    }

    /// <summary>Shows what the address says; where it says nothing, the columns and the order that were chosen here last.</summary>
    private void Read()
    {
        var type = _type!;
        var query = new Uri(Navigation.Uri).Query;
        if (query.Length == 0 && KeptView() is { } kept)
        {
            Show(kept, replaces: true);
            return;
        }
        _shown = query;
        _view = ListAddress.Read(Session.Model, type, query, out _faults);
        if (_typing == 0)
            _typed = _view.Search;
    }

    private string KeptColumns => $"columns:{_type!.Name}";

    private string KeptOrder => $"order:{_type!.Name}";

    /// <summary>What was chosen here last, as far as it is still understood; null when that is nothing.</summary>
    private ListView? KeptView()
    {
        var (columns, order) = (Browser.Kept(KeptColumns), Browser.Kept(KeptOrder));
        if (columns is null && order is null)
            return null;
        var kept = ListAddress.Read(Session.Model, _type!, $"?columns={columns}&order={order}", out _);
        if (kept.Columns is { IsEmpty: true })
            kept = kept with { Columns = null };
        return kept.Columns is null && kept.Orders.IsEmpty ? null : kept;
    }

    /// <summary>Goes to a view; back leads to the one that was.</summary>
    private void Show(ListView view) => Show(view, replaces: false);

    private void Show(ListView view, bool replaces) => Navigation.NavigateTo(Path + ListAddress.Write(view), new NavigationOptions { ReplaceHistoryEntry = replaces });

    private void Chosen(ListView view)
    {
        Close();
        Show(view);
    }

    private void Close() => _dialog = null;

    private void Filter(int at)
    {
        (_at, _dialog) = (at, "filter");
        _draft = ConditionDraft.Of(Session.Model, L, _type!, at < 0 ? null : _view.Conditions[at]);
    }

    private void Filtered(Condition condition) =>
        Chosen(_view with { Conditions = _at < 0 ? _view.Conditions.Add(condition) : _view.Conditions.SetItem(_at, condition) });

    private void Remove(int at) => Show(_view with { Conditions = _view.Conditions.RemoveAt(at) });

    private void ChooseColumns(ImmutableArray<string> columns)
    {
        ImmutableArray<string>? chosen = columns.SequenceEqual(ListFields.Columns(Session.Model, _type!)) ? null : columns;
        Browser.Keep(KeptColumns, chosen is null ? null : string.Join(',', columns));
        Chosen(_view with { Columns = chosen });
    }

    private void ChooseOrders(ImmutableArray<Order> orders)
    {
        Browser.Keep(KeptOrder, orders.IsEmpty || orders.SequenceEqual(ListFields.Orders(_type!)) ? null : ListAddress.Write(orders));
        Chosen(_view with { Orders = orders });
    }

    private void Sort((string? Column, bool Adds) chosen)
    {
        var of = chosen.Column is { } column ? [new Order(column)] : ListFields.Orders(_type!);
        if (of.IsEmpty)
            return;
        var at = ListFields.Find(Orders, of);
        // The same heading once more turns the order.
        if (at == 0 || at > 0 && chosen.Adds)
            of = [.. of.Select(o => o with { Descending = !Orders[at].Descending })];
        ChooseOrders(chosen.Adds ? [.. Orders.Select(o => of.FirstOrDefault(n => n.Field == o.Field) ?? o).UnionBy(of, o => o.Field)] : of);
    }

    private async Task Typed(ChangeEventArgs change)
    {
        _typed = change.Value as string ?? "";
        var typing = ++_typing;
        await Task.Delay(Pause, Time);
        if (typing != _typing || _type is null)
            return;
        _typing = 0;
        if (_typed.Trim() != _view.Search)
            Show(_view with { Search = _typed.Trim() }, replaces: _view.Search.Length > 0);
    }

    private void ChooseDay(ChangeEventArgs change) => Show(_view with
    {
        Day = (change.Value as string) switch { "today" => new(ListDayKind.Today), "day" => new(ListDayKind.Day, L.Today), _ => default },
    });

    private void ChooseDate(DateOnly? chosen)
    {
        if (chosen is { } day)
            Show(_view with { Day = new(ListDayKind.Day, day) });
    }

    private void Counted(int? total) => _total = total;

    private void ModelChanged()
    {
        OnParametersSet();
        StateHasChanged();
    }

    /// <summary>Shows the newest state when something of what is shown was changed, and says so when it was somebody else.</summary>
    private async void Follow()
    {
        StopFollowing();
        _following = new();
        var (type, cancellation) = (_type!, _following.Token);
        await Session.Rest;
        try
        {
            await foreach (var isTold in Waves.Of(Door, [type.Name, .. type.Ends.Select(e => e.Relationship).Distinct(StringComparer.Ordinal)], Time, cancellation))
            {
                _edition++;
                if (isTold && Time.GetUtcNow() - _savedAt > Own)
                    _ = Tell(_edition, cancellation);
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // Another list was asked for, or none.
        }
        catch (SignedOutException)
        {
            // What is shown stays; the next thing that is asked tells it.
        }
    }

    private async Task Tell(int edition, CancellationToken cancellation)
    {
        _news = edition;
        try
        {
            await Task.Delay(Own, Time, cancellation);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        if (_news == edition)
        {
            _news = 0;
            StateHasChanged();
        }
    }

    private void Saved() => _savedAt = Time.GetUtcNow();

    private static string Lower(string text) => text.Length > 1 && char.IsUpper(text[1]) ? text : char.ToLowerInvariant(text[0]) + text[1..];

    private static Label Lower(Label label) => Label.Of(Lower(label.Fr), Lower(label.En));

    public void Dispose()
    {
        Navigation.LocationChanged -= Moved;
        Session.Changed -= ModelChanged;
        L.Changed -= StateHasChanged;
        StopFollowing();
    }

    private void StopFollowing()
    {
        _following?.Cancel();
        _following?.Dispose();
    }
}
