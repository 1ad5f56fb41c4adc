using Xrm.Staff.Shell;

namespace Xrm.Staff.Door;

/// <summary>Whether the server answers, as far as the last requests told; while it does not, it is asked again and again.</summary>
internal sealed class Connection(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private bool _isAsking;

    /// <summary>Whether the last request was answered.</summary>
    public bool IsThere { get; private set; } = true;

    /// <summary>After <see cref="IsThere"/> became another.</summary>
    public event Action? Changed;

    /// <summary>A request was answered.</summary>
    public void Found() => Set(true);

    /// <summary>A request was not answered.</summary>
    public void Lost()
    {
        Set(false);
        if (!_isAsking)
            _ = Ask();
    }

    /// <summary>Ends once the server answers again; at once while it does.</summary>
    public async Task Return()
    {
        var returned = new TaskCompletionSource();
        Changed += heard;
        heard();
        await returned.Task;
        Changed -= heard;

        void heard()
        {
            if (IsThere)
                returned.TrySetResult();
        }
    }

    /// <summary>Asks at once whether the server is there again.</summary>
    public async Task<bool> TryNow()
    {
        Set(await Browser.IsReady());
        return IsThere;
    }

    private async Task Ask()
    {
        _isAsking = true;
        var pause = TimeSpan.FromSeconds(1);
        do
        {
            await Task.Delay(pause, time);
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
        while (!IsThere && !await TryNow());
        _isAsking = false;
    }

    private void Set(bool isThere)
    {
        if (IsThere == isThere)
            return;
        IsThere = isThere;
        Changed?.Invoke();
    }
}
