using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Counts what a plugin fails at, and switches it off when that is too much. All members may be used from several threads at once.</summary>
internal sealed class PluginHealth
{
    /// <summary>So many failures in a row, whichever hook, switch a plugin off.</summary>
    public const int MostFailures = 10;

    private readonly Lock _lock = new();
    private int _failures;
    private Label? _off;

    /// <summary>Called once, when it is switched off; on any thread.</summary>
    public event Action<Label>? SwitchedOff;

    /// <summary>Why it is switched off: its hooks are called no more; null while it is not.</summary>
    public Label? Off => Volatile.Read(ref _off);

    /// <summary>Something went well: failures before it are forgotten.</summary>
    public void Succeeded() => Volatile.Write(ref _failures, 0);

    /// <summary>A handler threw.</summary>
    /// <param name="what">The hook that failed, as people read it.</param>
    public void Failed(Label what, Exception exception)
    {
        if (Interlocked.Increment(ref _failures) >= MostFailures)
            SwitchOff(Label.Of(
                $"{MostFailures} échecs de suite, le dernier dans {what.Fr} ({exception.GetType().Name}).",
                $"{MostFailures} failures in a row, the last in {what.En} ({exception.GetType().Name})."));
    }

    /// <summary>A handler did not end in time: a thread is lost to it, so one is enough.</summary>
    public void Hung(Label what, TimeSpan limit) => SwitchOff(Label.Of(
        $"{what.Fr} n'a pas fini en {limit.TotalSeconds:0.###} secondes.",
        $"{what.En} did not end within {limit.TotalSeconds:0.###} seconds."));

    private void SwitchOff(Label reason)
    {
        lock (_lock)
        {
            if (_off is not null)
                return;
            _off = reason;
        }
        SwitchedOff?.Invoke(reason);
    }
}
