using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.Staff.Shell;

/// <summary>Short news for whoever uses the app, read out by screen readers; each goes by itself after a while or when it is closed.</summary>
internal sealed class Notices(TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(8);

    public ImmutableList<Notice> Now { get; private set; } = [];

    public event Action? Changed;

    /// <summary>Tells something.</summary>
    /// <param name="action">What can be done about it; null = nothing.</param>
    /// <param name="life">How long it stays; null = eight seconds.</param>
    /// <param name="closed">Called once when it has gone without the action being chosen.</param>
    public Notice Tell(Label text, NoticeAction? action = null, TimeSpan? life = null, Func<Task>? closed = null)
    {
        var notice = new Notice(text, action, closed);
        Now = Now.Add(notice);
        Changed?.Invoke();
        _ = CloseLater(notice, life ?? Life);
        return notice;
    }

    /// <summary>Takes a notice away; nothing happens when it has gone.</summary>
    public async Task Close(Notice notice)
    {
        if (Take(notice) && notice.Closed is { } closed)
            await closed();
    }

    /// <summary>Does what a notice offers, and takes it away.</summary>
    public async Task Act(Notice notice)
    {
        if (Take(notice) && notice.Action is { } action)
            await action.Do();
    }

    private bool Take(Notice notice)
    {
        var rest = Now.Remove(notice);
        if (rest == Now)
            return false;
        Now = rest;
        Changed?.Invoke();
        return true;
    }

    private async Task CloseLater(Notice notice, TimeSpan life)
    {
        await Task.Delay(life, time);
        // Whoever is at it has the time they need.
        while (notice.IsHeld)
        {
            await notice.Left;
            // Focus that goes from one of its buttons to the other is nowhere for a moment.
            await Task.Yield();
        }
        await Close(notice);
    }
}

/// <summary>One of them.</summary>
internal sealed class Notice(Label text, NoticeAction? action, Func<Task>? closed)
{
    private TaskCompletionSource _left = new();
    private bool _hasPointer, _hasFocus;

    public Label Text => text;
    public NoticeAction? Action => action;
    public Func<Task>? Closed => closed;

    /// <summary>Whether pointer or focus is on it.</summary>
    public bool IsHeld => _hasPointer || _hasFocus;

    /// <summary>Ends once neither is.</summary>
    public Task Left => _left.Task;

    /// <summary>The pointer came to it, or went elsewhere.</summary>
    public void Point(bool isOn) => Hold(_hasPointer = isOn);

    /// <summary>Focus came to it, or went elsewhere.</summary>
    public void Focus(bool isOn) => Hold(_hasFocus = isOn);

    private void Hold(bool isOn)
    {
        if (isOn && _left.Task.IsCompleted)
            _left = new();
        else if (!IsHeld)
            _left.TrySetResult();
    }
}

/// <summary>What a notice offers.</summary>
internal sealed record NoticeAction(Label Label, Func<Task> Do);
