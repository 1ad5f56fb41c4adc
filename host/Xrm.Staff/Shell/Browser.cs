using System.Runtime.InteropServices.JavaScript;

namespace Xrm.Staff.Shell;

/// <summary>What only the browser's own script can do: <c>staff.js</c>, function by function.</summary>
internal static partial class Browser
{
    private const string Module = "staff";

    /// <summary>Loads the script; before anything else is called.</summary>
    /// <param name="address">The absolute address of <c>staff.js</c>.</param>
    public static Task Open(string address) => OperatingSystem.IsBrowser() ? JSHost.ImportAsync(Module, address) : throw new PlatformNotSupportedException();

    /// <summary>Moves the focus to the first element of a selector; nothing happens when there is none.</summary>
    [JSImport("focus", Module)]
    public static partial void Focus(string selector);

    /// <summary>Moves the focus to the page's heading when nothing has it.</summary>
    [JSImport("focusHeading", Module)]
    public static partial void FocusHeading();

    /// <summary>What was kept under a name on this machine; null when nothing is.</summary>
    [JSImport("kept", Module)]
    public static partial string? Kept(string name);

    /// <summary>Keeps a text under a name on this machine; null takes it away.</summary>
    [JSImport("keep", Module)]
    public static partial void Keep(string name, string? text);

    /// <summary>What was kept for this tab; null when nothing is.</summary>
    [JSImport("drafted", Module)]
    public static partial string? Drafted(string name);

    /// <summary>Keeps a text for this tab, through reloads; null takes it away.</summary>
    [JSImport("draft", Module)]
    public static partial void Draft(string name, string? text);

    /// <summary>The language that was chosen here, else the browser's.</summary>
    [JSImport("language", Module)]
    public static partial string Language();

    /// <summary>Tells the browser, and next visits, which language the page is in.</summary>
    [JSImport("setLanguage", Module)]
    public static partial void SetLanguage(string code);

    /// <summary>Ends the session and goes to where one signs in.</summary>
    [JSImport("signOut", Module)]
    public static partial Task SignOut();

    /// <summary>Leaves for the page where one signs in, to come back here afterwards.</summary>
    [JSImport("goSignIn", Module)]
    public static partial void GoSignIn();

    /// <summary>Hands a file to whoever uses the browser.</summary>
    [JSImport("download", Module)]
    public static partial void Download(string name, string mediaType, [JSMarshalAs<JSType.MemoryView>] Span<byte> bytes);

    /// <summary>Shows a dialog element so that nothing behind it can be reached.</summary>
    /// <param name="heading">The id of the heading that names it.</param>
    [JSImport("showModal", Module)]
    public static partial void ShowModal(string heading);

    /// <summary>Moves the focus to the page's heading, wherever it is.</summary>
    [JSImport("focusPage", Module)]
    public static partial void FocusPage();

    /// <summary>Names the page for the browser's tab, its history and screen readers.</summary>
    [JSImport("setTitle", Module)]
    public static partial void SetTitle(string text);

    /// <summary>Ends once nothing is being asked and the browser has nothing more urgent to do.</summary>
    [JSImport("rest", Module)]
    public static partial Task Rest();

    /// <summary>Has the app's files kept for the next visit.</summary>
    [JSImport("keepFiles", Module)]
    public static partial void KeepFiles();

    /// <summary>Opens the browser's own calendar or clock of an input.</summary>
    [JSImport("openPicker", Module)]
    public static partial void OpenPicker(string id);

    /// <summary>Has a body sent to <c>/graphql</c> when the page is left, under an id by which it can be taken back.</summary>
    [JSImport("sendOnLeaving", Module)]
    public static partial void SendOnLeaving(string id, string body);

    /// <summary>Takes back what was to be sent on leaving.</summary>
    [JSImport("keepFromSending", Module)]
    public static partial void KeepFromSending(string id);

    /// <summary>Sends a body to <c>/graphql</c> with the session; answers what came back, null when nobody is signed in.</summary>
    /// <param name="number">By which it can be broken off.</param>
    /// <exception cref="JSException">There was no answer, or it was broken off.</exception>
    [JSImport("ask", Module)]
    public static partial Task<string?> Ask(int number, string body, string language);

    /// <summary>The answer to a body that the script asked by itself while the runtime started; null when there is none. It is told once.</summary>
    [JSImport("answered", Module)]
    public static partial string? Answered(string body, string language);

    /// <summary>Breaks off what was asked; nothing happens when it was answered.</summary>
    [JSImport("breakOff", Module)]
    public static partial void BreakOff(int number);

    /// <summary>Whether the server is there and ready.</summary>
    [JSImport("isReady", Module)]
    public static partial Task<bool> IsReady();

    /// <summary>Opens a WebSocket to <c>/graphql</c>.</summary>
    /// <param name="protocol">The subprotocol.</param>
    /// <param name="closed">With the code of RFC 6455; also when it could not be opened.</param>
    [JSImport("connect", Module)]
    public static partial JSObject Connect(
        string protocol,
        [JSMarshalAs<JSType.Function>] Action opened,
        [JSMarshalAs<JSType.Function<JSType.String>>] Action<string> heard,
        [JSMarshalAs<JSType.Function<JSType.Number>>] Action<int> closed);

    /// <summary>Sends a text by a WebSocket; nothing happens when it is closed by now.</summary>
    [JSImport("send", Module)]
    public static partial void Send(JSObject socket, string text);

    /// <summary>Closes a WebSocket.</summary>
    [JSImport("hangUp", Module)]
    public static partial void HangUp(JSObject socket);

    /// <summary>Moves the focus to the first element of a selector when nothing has it.</summary>
    [JSImport("focusIfLost", Module)]
    public static partial void FocusIfLost(string selector);

    /// <summary>Has files taken that are chosen or dropped in an area, which has an input for them; one at a time.</summary>
    /// <param name="area">The area's id.</param>
    /// <param name="taken">By which key the script holds it, its name, and its size in bytes.</param>
    [JSImport("takeFiles", Module)]
    public static partial void TakeFiles(string area, [JSMarshalAs<JSType.Function<JSType.Number, JSType.String, JSType.Number>>] Action<int, string, double> taken);

    /// <summary>Opens the browser's own dialog to choose a file for an area.</summary>
    [JSImport("chooseFile", Module)]
    public static partial void ChooseFile(string area);

    /// <summary>Sends a file that is held; answers what came back, null when nobody is signed in.</summary>
    /// <param name="sent">Told how many bytes are sent.</param>
    /// <exception cref="JSException">There was no answer, or it was stopped.</exception>
    [JSImport("sendFile", Module)]
    public static partial Task<string?> SendFile(int key, string address, string language, [JSMarshalAs<JSType.Function<JSType.Number>>] Action<double> sent);

    /// <summary>Stops what is being sent; nothing happens when nothing is.</summary>
    [JSImport("stopSending", Module)]
    public static partial void StopSending(int key);

    /// <summary>Lets go of a file that was chosen.</summary>
    [JSImport("forgetFile", Module)]
    public static partial void ForgetFile(int key);

    /// <summary>How many bytes a file may have; 0 when nobody says.</summary>
    [JSImport("largestFile", Module)]
    public static partial Task<double> LargestFile();
}
