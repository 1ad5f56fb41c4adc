using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xrm.Host.Tests;
using Cookie = Microsoft.Playwright.Cookie;

[assembly: AssemblyFixture(typeof(Xrm.Staff.Tests.Browsing.SharedHost))]

namespace Xrm.Staff.Tests.Browsing;

/// <summary>The built program, serving an empty folder as a demonstration. It can be ended and started again at the same address.</summary>
public sealed partial class StaffHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (string Name, string Value)[] _environment;
    private ServingHost _host = null!;
    private readonly SemaphoreSlim _signingIn = new(1);
    private Cookie? _session;

    private StaffHost((string Name, string Value)[] environment) => _environment = [("XRM_DEMO", "1"), .. environment];

    public Uri Address => _host.Address;

    /// <summary>The link that the first start printed; it works once.</summary>
    public Uri SignInLink => new(PrintedLink().Match(_host.Greeting).Value);

    public string Data => _folder.Path;

    public static async Task<StaffHost> Start(params (string Name, string Value)[] environment)
    {
        var host = new StaffHost(environment);
        host._host = await ServingHost.Start(host.Data, "serve --urls http://127.0.0.1:0", host._environment);
        return host;
    }

    /// <summary>Ends the program as a power cut would.</summary>
    public async Task GoAway()
    {
        Gone = _host.Address;
        await _host.DisposeAsync();
    }

    /// <summary>Starts it again at the address that it had.</summary>
    public async Task ComeBack() => _host = await ServingHost.Start(Data, $"serve --urls {Gone!.GetLeftPart(UriPartial.Authority)}", _environment);

    /// <summary>Where it was before it went away.</summary>
    private Uri? Gone { get; set; }

    /// <summary>The session of the administrator, one for all who ask.</summary>
    public async Task<Cookie> Administrator()
    {
        await _signingIn.WaitAsync();
        try
        {
            // A newer link makes an older one worthless.
            return _session ??= await SignIn();
        }
        finally
        {
            _signingIn.Release();
        }
    }

    private async Task<Cookie> SignIn()
    {
        var said = (await Command.Run(Data, "user link")).ShouldBeDone().Out;
        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { CookieContainer = cookies };
        using var http = new HttpClient(handler);
        using var answer = await http.GetAsync(new Uri(Address, LinkPath().Match(said).Value));
        var cookie = cookies.GetCookies(Address).Single();
        return new Cookie { Name = cookie.Name, Value = cookie.Value, Url = Address.ToString(), HttpOnly = cookie.HttpOnly, SameSite = SameSiteAttribute.Lax };
    }

    /// <summary>Asks as an integrator would: data that a test needs beforehand, or what somebody else does meanwhile.</summary>
    public async Task<JsonNode> Ask(string query, JsonObject? variables = null)
    {
        if (_host.Http.DefaultRequestHeaders.Authorization is null)
            await _host.SignIn($"token create --name test-{Guid.NewGuid()}");
        var answer = await _host.Ask(query, variables);
        answer["errors"].ShouldBeNull(answer.ToJsonString());
        return answer["data"]!;
    }

    /// <summary>Gives a command to the program that serves.</summary>
    public async Task Tell(string command) => (await Command.Run(Data, command)).ShouldBeDone();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _signingIn.Dispose();
        _folder.Dispose();
    }

    [GeneratedRegex(@"http://\S+/sign-in\?code=\S+")]
    private static partial Regex PrintedLink();

    [GeneratedRegex(@"/sign-in\?code=[^\s""]+")]
    private static partial Regex LinkPath();
}

/// <summary>One host for all tests that do not mind each other; started when the first wants it.</summary>
public sealed class SharedHost : IAsyncDisposable
{
    private readonly Lazy<Task<StaffHost>> _host = new(() => StaffHost.Start());

    public Task<StaffHost> Start() => _host.Value;

    public async ValueTask DisposeAsync()
    {
        if (_host.IsValueCreated && _host.Value.IsCompletedSuccessfully)
            await (await _host.Value).DisposeAsync();
    }
}
