using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Xrm.Staff.Tests.Browsing.Chromium))]

namespace Xrm.Staff.Tests.Browsing;

/// <summary>The one browser of all tests; started when the first test wants it.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly SemaphoreSlim _one = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A visitor of its own: nothing of other tests is kept in it.</summary>
    public async Task<IBrowserContext> Enter(BrowserNewContextOptions options) => await (await Start()).NewContextAsync(options);

    private async Task<IBrowser> Start()
    {
        await _one.WaitAsync();
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            // A first visit loads and starts a runtime, on machines that do other things as well.
            Assertions.SetDefaultExpectTimeout(20_000);
            return _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Find(), Args = Arguments });
        }
        finally
        {
            _one.Release();
        }
    }

    private static string Find() =>
        Names.SelectMany(n => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, n))).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"None of {string.Join(", ", Names)} is installed; test.sh does it.");

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
        _one.Dispose();
    }
}
