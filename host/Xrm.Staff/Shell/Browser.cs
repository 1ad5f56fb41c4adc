using Microsoft.JSInterop;

namespace Xrm.Staff.Shell;

/// <summary>What only the browser's own script can do.</summary>
internal sealed class Browser(IJSRuntime script) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    /// <summary>Moves the focus to the first element of a selector; nothing happens when there is none.</summary>
    public ValueTask Focus(string selector) => Call("focus", selector);

    /// <summary>What was kept under a name on this machine; null when nothing is.</summary>
    public async ValueTask<string?> Kept(string name) => await (await Module()).InvokeAsync<string?>("kept", name);

    /// <summary>Keeps a text under a name on this machine; null takes it away.</summary>
    public ValueTask Keep(string name, string? text) => Call("keep", name, text);

    /// <summary>What was kept for this tab; null when nothing is.</summary>
    public async ValueTask<string?> Drafted(string name) => await (await Module()).InvokeAsync<string?>("drafted", name);

    /// <summary>Keeps a text for this tab, through reloads; null takes it away.</summary>
    public ValueTask Draft(string name, string? text) => Call("draft", name, text);

    /// <summary>The language that was chosen here, else the browser's.</summary>
    public async ValueTask<string> Language() => await (await Module()).InvokeAsync<string>("language");

    /// <summary>Tells the browser, and next visits, which language the page is in.</summary>
    public ValueTask SetLanguage(string code) => Call("setLanguage", code);

    /// <summary>Ends the session and goes to where one signs in.</summary>
    public ValueTask SignOut() => Call("signOut");

    /// <summary>Leaves for the page where one signs in, to come back here afterwards.</summary>
    public ValueTask GoSignIn() => Call("goSignIn");

    /// <summary>Hands a file to whoever uses the browser.</summary>
    public ValueTask Download(string name, string mediaType, byte[] bytes) => Call("download", name, mediaType, bytes);

    /// <summary>Shows a dialog element so that nothing behind it can be reached.</summary>
    public async ValueTask ShowModal(Microsoft.AspNetCore.Components.ElementReference dialog) => await (await Module()).InvokeVoidAsync("showModal", dialog);

    /// <summary>Calls a function of the app's own script.</summary>
    public async ValueTask Call(string function, params object?[] arguments) => await (await Module()).InvokeVoidAsync(function, arguments);

    /// <summary>Calls a function of the app's own script and takes its answer.</summary>
    public async ValueTask<T> Call<T>(string function, params object?[] arguments) => await (await Module()).InvokeAsync<T>(function, arguments);

    public async ValueTask DisposeAsync()
    {
        if (_module is not null)
            await (await _module).DisposeAsync();
    }

    private Task<IJSObjectReference> Module() => _module ??= script.InvokeAsync<IJSObjectReference>("import", "./staff.js").AsTask();
}
