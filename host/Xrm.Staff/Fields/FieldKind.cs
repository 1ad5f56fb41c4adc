using System.Diagnostics.CodeAnalysis;
using Xrm.Sdk;

namespace Xrm.Staff.Fields;

/// <summary>What the app knows of one field type of the sdk: how its values read, what people may type for them, and what shows and asks for them.</summary>
internal abstract class FieldKind
{
    /// <summary>The field type's name.</summary>
    public abstract string Name { get; }

    /// <summary>The component that shows a value.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
    public abstract Type View { get; }

    /// <summary>The component that asks for one.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
    public abstract Type Input { get; }

    /// <summary>A value as people read it in one line.</summary>
    public virtual string Show(FieldScope scope, object value) => Write(scope, value);

    /// <summary>A value as people would have typed it: <see cref="Read"/> of it is the value again.</summary>
    public virtual string Write(FieldScope scope, object value) => (string)value;

    /// <summary>The value that people mean by what they typed, in the CLR form of the shape.</summary>
    /// <param name="text">Not blank.</param>
    /// <param name="fault">What is wrong with it; null when nothing is.</param>
    /// <returns>Null only with a fault.</returns>
    public virtual object? Read(FieldScope scope, string text, out Label? fault)
    {
        fault = null;
        return text;
    }
}

/// <summary>One that names its components.</summary>
internal abstract class FieldKind<
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TView,
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TInput>(string name) : FieldKind
    where TView : ValueView
    where TInput : ValueInput
{
    public override string Name => name;

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
    public override Type View => typeof(TView);

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
    public override Type Input => typeof(TInput);
}
