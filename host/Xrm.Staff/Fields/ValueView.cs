using Microsoft.AspNetCore.Components;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Fields;

/// <summary>Shows one value of a field.</summary>
public abstract class ValueView : ComponentBase
{
    [Parameter, EditorRequired]
    public ModelField Field { get; set; } = null!;

    /// <summary>In the CLR form of the shape.</summary>
    [Parameter, EditorRequired]
    public object Value { get; set; } = null!;

    [Inject]
    private Session Session { get; set; } = null!;

    [Inject]
    private Language Language { get; set; } = null!;

    /// <summary>The value in one line.</summary>
    private protected string Shown => FieldKinds.Of(Field).Show(new(Field, Session.Model, Language), Value);
}
