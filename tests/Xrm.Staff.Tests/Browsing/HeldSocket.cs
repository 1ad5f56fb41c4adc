using Microsoft.Playwright;

namespace Xrm.Staff.Tests.Browsing;

/// <summary>A page's WebSockets, on which nothing goes through until they are let go.</summary>
sealed class HeldSocket
{
    private readonly Lock _lock = new();
    private readonly List<Route> _routes = [];
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isHeld = true;

    private HeldSocket()
    {
    }

    /// <summary>For a page that is opened after this.</summary>
    public static async Task<HeldSocket> Of(IPage page)
    {
        var held = new HeldSocket();
        await page.RouteWebSocketAsync("**/graphql", held.Take);
        return held;
    }

    /// <summary>Ends once the page asked for a WebSocket: it knows from where on it wants to be told then.</summary>
    public Task Asked => _asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>What was sent goes on, and so does all that comes.</summary>
    public void LetGo()
    {
        lock (_lock)
        {
            _isHeld = false;
            foreach (var route in _routes)
                route.Connect();
        }
    }

    /// <summary>Breaks off those that are open, and holds those that come.</summary>
    public async Task Break()
    {
        Route[] open;
        lock (_lock)
        {
            (_isHeld, open) = (true, [.. _routes]);
            _routes.Clear();
        }
        foreach (var route in open)
            await route.Page.CloseAsync(new() { Code = 1001 });
    }

    private void Take(IWebSocketRoute page)
    {
        _asked.TrySetResult();
        lock (_lock)
        {
            var route = new Route(page);
            _routes.Add(route);
            if (!_isHeld)
                route.Connect();
            page.OnMessage(frame =>
            {
                lock (_lock)
                    route.Send(frame.Text!);
            });
        }
    }

    private sealed class Route(IWebSocketRoute page)
    {
        private readonly List<string> _kept = [];
        private IWebSocketRoute? _server;

        public IWebSocketRoute Page => page;

        public void Connect()
        {
            _server = page.ConnectToServer();
            _kept.ForEach(_server.Send);
        }

        public void Send(string text)
        {
            if (_server is null)
                _kept.Add(text);
            else
                _server.Send(text);
        }
    }
}
