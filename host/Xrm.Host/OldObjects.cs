using System.Runtime;

namespace Xrm.Host;

/// <summary>How the collector takes objects that have been there for long: beside requests, which it then stops for a few milliseconds; or all at once, which costs less in all and stops everybody for as long as it takes (decision 0073).</summary>
internal sealed class OldObjects(Action<GCLatencyMode> set)
{
    private readonly Lock _turn = new();
    private int _served;
    private int _large;

    /// <summary>Those of this process.</summary>
    public static OldObjects OfProcess { get; } = new(mode => GCSettings.LatencyMode = mode);

    /// <summary>Has them taken all at once, as long as nobody is served.</summary>
    public void Begin() => Count(ref _served, 0);

    /// <summary>Has them taken beside requests until what is returned is disposed of.</summary>
    public IDisposable BesideRequests() => new Scope(change => Count(ref _served, change));

    /// <summary>Has them taken all at once although somebody is served, until what is returned is disposed of: much is made that only fills memory.</summary>
    public IDisposable InOneGo() => new Scope(change => Count(ref _large, change));

    private void Count(ref int scopes, int change)
    {
        lock (_turn)
        {
            scopes += change;
            set(_served > 0 && _large == 0 ? GCLatencyMode.Interactive : GCLatencyMode.Batch);
        }
    }

    private sealed class Scope : IDisposable
    {
        private readonly Action<int> _count;
        private int _ended;

        public Scope(Action<int> count)
        {
            _count = count;
            count(1);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                _count(-1);
        }
    }
}
