using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>Counts what a plugin fails at, and switches it off when that is too much. All members may be used from several threads at once.</summary>
internal sealed class PluginHealth
{
    /// <summary>So many failures in a row at one place switch a plugin off; what goes well elsewhere does not count.</summary>
    public const int MostFailures = 10;

    private readonly Lock _lock = new();
    /// <summary>Failures since the last success, by the English name of the place; only those that are not 0.</summary>
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private volatile bool _fails;
    private Label? _off;

    /// <summary>Called once, when it is switched off; on any thread.</summary>
    public event Action<Label>? SwitchedOff;

    /// <summary>Why it is switched off: its hooks are called no more; null while it is not.</summary>
    public Label? Off => Volatile.Read(ref _off);

    /// <summary>Something went well: failures at that place before it are forgotten.</summary>
    /// <param name="what">The hook, as for <see cref="Failed"/>; null = all places.</param>
    public void Succeeded(Label? what = null)
    {
        // Nearly always nothing failed before: no lock for each call of each hook.
        if (!_fails)
            return;
        lock (_lock)
        {
            if (what is null)
                _failures.Clear();
            else
                _failures.Remove(what.En);
            _fails = _failures.Count > 0;
        }
    }

    /// <summary>A handler threw.</summary>
    /// <param name="what">The hook that failed, as people read it.</param>
    public void Failed(Label what, Exception exception)
    {
        lock (_lock)
        {
            _failures[what.En] = _failures.GetValueOrDefault(what.En) + 1;
            _fails = true;
            if (_failures[what.En] < MostFailures)
                return;
        }
        SwitchOff(Label.Of(
            $"{MostFailures} échecs de suite dans {what.Fr}, le dernier : {exception.GetType().Name}.",
            $"{MostFailures} failures in a row in {what.En}, the last one: {exception.GetType().Name}."));
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
