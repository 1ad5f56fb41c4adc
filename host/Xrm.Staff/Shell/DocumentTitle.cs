using Microsoft.AspNetCore.Components;

namespace Xrm.Staff.Shell;

/// <summary>What the page on show is called in the browser's tab and history.</summary>
/// <remarks>Blazor's own asks the browser by serialized JSON, which costs a start more than all else of the page's frame.</remarks>
public sealed class DocumentTitle : ComponentBase
{
    private string? _shown;

    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    protected override void OnParametersSet()
    {
        if (_shown != Text)
            Browser.SetTitle(_shown = Text);
    }
}
