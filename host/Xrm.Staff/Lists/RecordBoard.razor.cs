using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Lists;

/// <summary>A list in columns, one for each value of a field; a thing is moved to give it another value.</summary>
sealed partial class RecordBoard
{
    private const int PageSize = 20;
    /// <summary>Up to so many values each has a column; of more, those alone that something has.</summary>
    private const int MostEmpty = 12;

    private ListColumns _columns = null!;
    private ImmutableArray<BoardColumn>? _board;
    private string? _key;
    private int _edition;
    private int _total;
    private (ListRow Row, BoardColumn From)? _dragged;
    private (ListRow Row, BoardColumn From)? _moving;
    private (Entity Thing, Move Move)? _asking;
    private int _asked;
    private BoardColumn? _over;
    private string? _focus;
    private CancellationTokenSource _loading = new();
    /// <summary>How many times the whole board is being brought right now.</summary>
    private int _loads;

    /// <summary>By whose values.</summary>
    [Parameter, EditorRequired]
    public ModelField Field { get; set; } = null!;

    /// <summary>Something was changed here.</summary>
    [Parameter]
    public EventCallback Saved { get; set; }

    private bool CanMove => Type.CanUpdate && (Field.CanWrite || !Field.Moves.IsEmpty);

    protected override async Task OnParametersSetAsync()
    {
        var key = $"{Session.Model.Version} {L.Code} {Type.Name} {ListAddress.Write(View with { Columns = Columns })}";
        if (_key == key && _edition == Edition)
            return;
        if (_key != key)
            _board = null;
        (_key, _edition) = (key, Edition);
        _columns = new(Session.Model, L, Type, [.. Columns.Where(c => c != Field.Name)]);
        await Load();
    }

    private async Task Load()
    {
        await _loading.CancelAsync();
        _loading.Dispose();
        _loading = new();
        var cancellation = _loading.Token;
        _wrong = null;
        _loads++;
        await Ask(async () =>
        {
            var request = ListRequests.Of(Session.Model, Type, View, Orders, L.Today, _columns);
            var counts = await Door.Counts(request, Field, cancellation);
            var columns = Lanes(counts);
            foreach (var column in columns)
                column.Wanted = _board?.FirstOrDefault(c => c.Value == column.Value)?.Wanted ?? PageSize;
            await Task.WhenAll(columns.Where(c => c.Count > 0).Select(c => Fill(c, c.Wanted, cancellation)));
            _board = columns;
            _total = columns.Sum(c => c.Count);
            await Counted.InvokeAsync(_total);
        });
        _loads--;
    }

    private ImmutableArray<BoardColumn> Lanes(ImmutableArray<ValueCount> counts)
    {
        var byValue = counts.ToDictionary(c => c.Value as string ?? "", c => c.Count, StringComparer.Ordinal);
        var options = Session.Model.Options(Field);
        var columns = options.Select(o => new BoardColumn(o.Name, o.Label))
            .Concat(byValue.Keys.Where(v => v.Length > 0 && !options.Any(o => o.Name == v)).Select(v => new BoardColumn(v, Label.Of(v, v))))
            .Append(new(null, Label.Of("Sans valeur", "Without value"))).ToArray();
        foreach (var column in columns)
            column.Count = byValue.GetValueOrDefault(column.Value ?? "");
        return [.. columns.Where(c => c.Count > 0 || c.Value is not null && options.Length <= MostEmpty)];
    }

    private async Task Fill(BoardColumn column, int first, CancellationToken cancellation)
    {
        var request = ListRequests.Of(Session.Model, Type, View, Orders, L.Today, _columns).And(column.Where(Field.Name)) with { First = first, After = column.After };
        var page = await Door.List(request, cancellation);
        column.Rows.AddRange(page.Things.Select((s, i) => _columns.Row(column.Rows.Count + i, s)));
        (column.Count, column.After, column.HasMore) = (page.Total, page.EndCursor, page.HasNext);
    }

    private async Task More(BoardColumn column)
    {
        column.IsBusy = true;
        column.Wanted = column.Rows.Count + PageSize;
        // What is on its way was asked for without this page.
        await (_loads > 0 ? Load() : Ask(() => Fill(column, PageSize, _loading.Token)));
        column.IsBusy = false;
    }

    /// <summary>Where a thing can go from a value, as the model and its moves say.</summary>
    private IEnumerable<BoardTarget> Targets(string? from) => Field.Moves.IsEmpty
        ? Session.Model.Options(Field).Where(o => o.Name != from).Select(o => new BoardTarget(o.Name, null, o.Label))
            .Concat(from is null || Field.IsRequired ? [] : [new BoardTarget(null, null, Label.Of("Sans valeur", "Without value"))])
        : Field.Moves.Where(m => from is not null && m.From.Contains(from)).Select(m => new BoardTarget(m.To, m, m.Label));

    private bool Accepts(BoardColumn column) => _dragged is { } dragged && dragged.From != column && Targets(dragged.From.Value).Any(t => t.Value == column.Value);

    private void Dragged() => (_dragged, _over) = (null, null);

    private async Task Drop(BoardColumn column)
    {
        if (_dragged is not { } dragged || !Accepts(column))
            return;
        var target = Targets(dragged.From.Value).First(t => t.Value == column.Value);
        Dragged();
        await Move(dragged.Row, dragged.From, target, isByKey: false);
    }

    private async Task Move(ListRow row, BoardColumn from, BoardTarget target, bool isByKey)
    {
        _moving = null;
        if (target.Move is { Needs.IsEmpty: false } move)
        {
            _asked++;
            // The board may be brought anew meanwhile: what was begun by hand goes on.
            await Ask(async () => _asking = await Door.Find(new(Type, row.Sheet.Entity.Id, []), default) is { } sheet ? (sheet.Entity, move) : null);
            return;
        }
        var to = Session.Model.Options(Field).FirstOrDefault(o => o.Name == target.Value)?.Label ?? Label.Of("Sans valeur", "Without value");
        if (!await Set(row.Sheet.Entity.Id, row.Sheet.Entity.Version, target))
            return;
        var back = target.Move is null ? new BoardTarget(from.Value, null, from.Label) : null;
        Notices.Tell(Label.Of($"{row.Name} : {Field.Label.Fr} est maintenant {to.Fr}.", $"{row.Name}: {Field.Label.En} is now {to.En}."),
            back is null ? null : new NoticeAction(Label.Of("Annuler", "Undo"), () => InvokeAsync(async () =>
            {
                await Set(row.Sheet.Entity.Id, row.Sheet.Entity.Version + 1, back);
                await Load();
                StateHasChanged();
            })));
        await Load();
        if (isByKey)
            _focus = $"#card-{row.Sheet.Entity.Id}";
    }

    /// <summary>What a move needs was answered, and it is made.</summary>
    private async Task Answered()
    {
        var id = _asking?.Thing.Id;
        _asking = null;
        await Saved.InvokeAsync();
        await Load();
        _focus = $"#card-{id}";
    }

    /// <summary>Gives a thing a value; false when it was refused, which is told.</summary>
    private async Task<bool> Set(EntityId id, int version, BoardTarget target)
    {
        var edit = target.Move is { } move
            ? new Edit.Update(Type.Name, id, version, Values.None) { Move = move.Name }
            : new Edit.Update(Type.Name, id, version, Values.None.With(Field.Name, target.Value));
        try
        {
            await Door.Commit(Commit.New().And(edit), default);
            await Saved.InvokeAsync();
            return true;
        }
        catch (Problem problem)
        {
            var isConflict = problem.Faults[0].Code == ProblemCode.Conflict;
            Notices.Tell(isConflict ? Label.Of("Quelqu'un d'autre vient de modifier cette fiche. La liste est à jour : vérifiez, puis recommencez.", "Somebody else has just changed this record. The list is up to date: look, then try again.") : problem.Faults[0].Message);
            if (isConflict)
                await Load();
        }
        catch (ServerGoneException)
        {
            Notices.Tell(Label.Of("Le serveur ne répond pas : rien n'a été changé.", "The server does not answer: nothing was changed."));
        }
        catch (SignedOutException)
        {
            Browser.GoSignIn();
        }
        return false;
    }

    private protected override Task Again() => Load();

    protected override void OnAfterRender(bool firstRender)
    {
        // As long as the board is being brought, what is shown may be what was there before.
        if (_focus is not { } focus || _loads > 0)
            return;
        _focus = null;
        Browser.Focus(focus);
    }

    public async ValueTask DisposeAsync()
    {
        Forget();
        await _loading.CancelAsync();
        _loading.Dispose();
    }
}
