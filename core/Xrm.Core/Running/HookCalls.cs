using System.Runtime.ExceptionServices;
using Xrm.Core.Plans;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>How a call of a plugin's handler ended.</summary>
internal enum CallEnd
{
    Done,
    /// <summary>It threw something that is no <see cref="Problem"/>; logged and counted.</summary>
    Failed,
    /// <summary>It did not end in time; logged and counted. What it does from then on reaches nobody.</summary>
    TooLate,
    /// <summary>The plugin is switched off: it was not called.</summary>
    Off,
}

/// <summary>Calls handlers of one plugin, one after the other, on a thread that is not the caller's and each for a limited time. One that does not end is left behind with its thread: it cannot be stopped.</summary>
/// <param name="options">The clock, the limit and the log.</param>
/// <param name="cancellation">The caller's; handlers get a token that ends with it, and when one is too late.</param>
internal sealed class HookCalls(Attachment attachment, EngineOptions options, CancellationToken cancellation)
{
    private const long LeftBehind = -1;
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    /// <summary>Odd while a handler runs, even between two; one more at each beginning and each end.</summary>
    private long _turn;
    private long _since;
    private Label _what = new("", "");

    /// <summary>How long each call may take; unless set, what the options say.</summary>
    public TimeSpan Limit { get; init; } = options.HookTime;

    /// <summary>What a handler is called in reasons and in the log: <c>Saving (Person)</c>.</summary>
    public static Label Named(string hook, string of)
    {
        var name = $"{hook} ({of})";
        return Label.Of(name, name);
    }

    /// <summary>One call by itself.</summary>
    /// <exception cref="Problem">The handler's own.</exception>
    public static async ValueTask<CallEnd> One<T>(Attachment attachment, EngineOptions options, TimeSpan limit, Label what, Func<T, CancellationToken, ValueTask> handler, T given, CancellationToken cancellation)
    {
        if (attachment.Health.Off is not null)
            return CallEnd.Off;
        var calls = new HookCalls(attachment, options, cancellation) { Limit = limit };
        var end = CallEnd.TooLate;
        return await calls.Run(async () => end = await calls.Call(what, handler, given)) ? end : CallEnd.TooLate;
    }

    /// <summary>Runs work that makes calls, on another thread, and waits for it; once for each object.</summary>
    /// <returns>False when a call was too late; the work then does nothing more than see that call's end, if it ever comes.</returns>
    public async ValueTask<bool> Run(Func<Task> work)
    {
        var running = Task.Run(work, CancellationToken.None);
        var left = Limit;
        while (true)
        {
            await running.WaitAsync(left, options.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (running.IsCompleted)
            {
                _stop.Dispose();
                await running;
                return true;
            }
            if (cancellation.IsCancellationRequested)
            {
                _ = Leave(running);
                cancellation.ThrowIfCancellationRequested();
            }
            if (IsTooLate(out left))
            {
                TellTooLate();
                _ = Stop();
                return false;
            }
        }
    }

    /// <summary>Calls a handler; only from the work that is being run.</summary>
    /// <exception cref="Problem">The handler's own: it refuses, which is no failure.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<CallEnd> Call<T>(Label what, Func<T, CancellationToken, ValueTask> handler, T given)
    {
        if (attachment.Health.Off is not null)
            return CallEnd.Off;
        _what = what;
        Volatile.Write(ref _since, options.Time.GetTimestamp());
        if (!Advance())
            return CallEnd.TooLate;
        Exception? thrown = null;
        try
        {
            await handler(given, _stop.Token);
        }
        catch (Exception e)
        {
            thrown = e;
        }
        if (!Advance())
            return CallEnd.TooLate;
        switch (thrown)
        {
            case null:
                attachment.Health.Succeeded(what);
                return CallEnd.Done;
            case Problem:
                attachment.Health.Succeeded(what);
                break;
            case OperationCanceledException when cancellation.IsCancellationRequested:
                break;
            default:
                Notices.HookFailed(options.Log, thrown, what.En, attachment.Plugin);
                attachment.Health.Failed(what, thrown);
                return CallEnd.Failed;
        }
        ExceptionDispatchInfo.Throw(thrown);
        return CallEnd.Failed;
    }

    /// <summary>From between two calls into one, or out of one; false when it was left behind meanwhile.</summary>
    private bool Advance()
    {
        var turn = Volatile.Read(ref _turn);
        return turn != LeftBehind && Interlocked.CompareExchange(ref _turn, turn + 1, turn) == turn;
    }

    /// <summary>Whether the call at hand is too late, which is then left behind; otherwise for how long one must wait before it can be.</summary>
    private bool IsTooLate(out TimeSpan left)
    {
        left = Limit;
        var turn = Volatile.Read(ref _turn);
        if ((turn & 1) == 0)
            return false;
        var still = Limit - options.Time.GetElapsedTime(Volatile.Read(ref _since));
        if (still > TimeSpan.Zero)
        {
            // Timers know milliseconds.
            left = still < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : still;
            return false;
        }
        return Interlocked.CompareExchange(ref _turn, LeftBehind, turn) == turn;
    }

    /// <summary>The caller went away: the call at hand may end within its time, seen by nobody but the plugin's health.</summary>
    private async Task Leave(Task running)
    {
        var turn = Interlocked.Exchange(ref _turn, LeftBehind);
        await Stop();
        if ((turn & 1) == 0)
            return;
        await running.WaitAsync(Limit, options.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!running.IsCompleted)
            TellTooLate();
    }

    private async Task Stop()
    {
        try
        {
            // On another thread: what a handler does when it is told to end is the plugin's code too.
            await _stop.CancelAsync();
        }
        catch (AggregateException e)
        {
            Notices.HookFailed(options.Log, e, _what.En, attachment.Plugin);
        }
        _stop.Dispose();
    }

    private void TellTooLate()
    {
        Notices.HookTooLate(options.Log, _what.En, attachment.Plugin, Limit.TotalSeconds);
        attachment.Health.Hung(_what, Limit);
    }
}
