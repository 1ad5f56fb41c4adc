using Microsoft.AspNetCore.Components;

namespace Xrm.Staff.Shell;

/// <summary>Moves the focus to the heading of a page of another kind than the one before, so that a screen reader begins there.</summary>
public sealed class PageFocus : ComponentBase
{
    private Type? _page;
    private bool _isOther;

    [Parameter, EditorRequired]
    public RouteData Route { get; set; } = null!;

    protected override void OnParametersSet()
    {
        _isOther |= _page != Route.PageType;
        _page = Route.PageType;
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!_isOther)
            return;
        _isOther = false;
        Browser.FocusPage();
    }
}
