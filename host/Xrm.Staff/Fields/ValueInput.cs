using Microsoft.AspNetCore.Components;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Fields;

/// <summary>Asks for one value of a field. What is typed stays as it was typed; its meaning is read elsewhere.</summary>
public abstract class ValueInput : ComponentBase
{
    [Parameter, EditorRequired]
    public ModelField Field { get; set; } = null!;

    /// <summary>The id of the control: where the label points and focus goes.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = null!;

    /// <summary>What was typed; empty when nothing is.</summary>
    [Parameter]
    public string Text { get; set; } = "";

    [Parameter]
    public EventCallback<string> TextChanged { get; set; }

    /// <summary>After focus went elsewhere.</summary>
    [Parameter]
    public EventCallback Left { get; set; }

    /// <summary>The name of the control where no label points to it.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>Ids of what explains the control: help, faults.</summary>
    [Parameter]
    public string? DescribedBy { get; set; }

    [Parameter]
    public bool IsInvalid { get; set; }

    [Inject]
    private protected Session Session { get; set; } = null!;

    [Inject]
    private protected Language Language { get; set; } = null!;

    /// <summary>What all controls tell about themselves.</summary>
    private protected IReadOnlyDictionary<string, object> Told
    {
        get
        {
            var told = new Dictionary<string, object>(StringComparer.Ordinal) { ["id"] = Id };
            if (Name is not null)
                told["aria-label"] = Name;
            if (DescribedBy is not null)
                told["aria-describedby"] = DescribedBy;
            if (IsInvalid)
                told["aria-invalid"] = "true";
            if (Field.IsRequired && !Field.IsMany)
                told["aria-required"] = "true";
            return told;
        }
    }

    private protected Task Typed(ChangeEventArgs change) => TextChanged.InvokeAsync(change.Value as string ?? "");
}
