using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Xrm.Staff.Tests.Browsing;

/// <summary>
/// Tests in a browser: for each test a visitor of its own, French unless said otherwise, who is not signed in.
/// When a test fails, pictures of its pages are kept and the failure tells where; what a page complained about fails a test that would have passed.
/// </summary>
public abstract partial class InABrowser(SharedHost shared, Chromium chromium) : IAsyncLifetime
{
    private readonly List<IBrowserContext> _visitors = [];
    private StaffHost? _own;
    private readonly List<string> _complaints = [];
    private readonly List<Regex> _expected = [];

    /// <summary>The host that is visited; shared with other tests unless a class brings its own.</summary>
    protected StaffHost Host { get; private set; } = null!;

    /// <summary>The first visitor's page.</summary>
    protected IPage Page { get; private set; } = null!;

    /// <summary>A host for this test alone, which ends with it; null = the one that tests share.</summary>
    protected virtual Task<StaffHost>? OwnHost() => null;

    public async ValueTask InitializeAsync()
    {
        _own = OwnHost() is { } own ? await own : null;
        Host = _own ?? await shared.Start();
        Page = await Visit();
    }

    /// <summary>Somebody else comes, with a browser of his own.</summary>
    protected async Task<IPage> Visit(string locale = "fr-FR", int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        var visitor = await chromium.Enter(new()
        {
            BaseURL = Host.Address.ToString(),
            Locale = locale,
            TimezoneId = "Europe/Paris",
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
        });
        _visitors.Add(visitor);
        var page = await visitor.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Complain($"{message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => Complain($"exception: {error}");
        return page;
    }

    /// <summary>Gives the page's visitor the administrator's session.</summary>
    protected async Task SignIn(IPage? page = null) => await (page ?? Page).Context.AddCookiesAsync([await Host.Administrator()]);

    /// <summary>Ends once the first visitor is led to where one signs in.</summary>
    /// <remarks>Playwright's own waiting for an address misses one that is reached while it begins to wait.</remarks>
    protected Task SignedOut() => Assertions.Expect(Page).ToHaveURLAsync(SignInPage(), new() { Timeout = 30_000 });

    /// <summary>What the browser may complain about in this test, because the test brings it about.</summary>
    protected void Expect([StringSyntax(StringSyntaxAttribute.Regex)] string complaint) => _expected.Add(new Regex(complaint));

    /// <summary>Keeps a picture of what is seen now.</summary>
    /// <returns>Where it lies.</returns>
    protected static async Task<string> Picture(IPage page, string name)
    {
        var path = Path.Combine(Path.GetTempPath(), "xrm-pictures", $"{FileName().Replace(name, "-")}.png");
        await page.ScreenshotAsync(new() { Path = path, FullPage = true });
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        if (failed)
            await Tell();
        foreach (var visitor in _visitors)
            await visitor.CloseAsync();
        if (_own is not null)
            await _own.DisposeAsync();
        if (!failed)
            lock (_complaints)
                _complaints.ShouldBeEmpty();
    }

    private async Task Tell()
    {
        var output = TestContext.Current.TestOutputHelper!;
        var name = TestContext.Current.Test!.TestDisplayName;
        foreach (var (page, number) in _visitors.SelectMany(v => v.Pages).Select((p, i) => (p, i)))
            try
            {
                output.WriteLine($"{page.Url} looked like this: {await Picture(page, $"{name}-{number}")}");
            }
            catch (PlaywrightException gone)
            {
                output.WriteLine($"{page.Url} could not be pictured: {gone.Message}");
            }
        lock (_complaints)
            foreach (var complaint in _complaints)
                output.WriteLine(complaint);
    }

    private void Complain(string complaint)
    {
        lock (_complaints)
            if (!_expected.Exists(e => e.IsMatch(complaint)))
                _complaints.Add(complaint);
    }

    [GeneratedRegex("/sign-in$")]
    private static partial Regex SignInPage();

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex FileName();
}
