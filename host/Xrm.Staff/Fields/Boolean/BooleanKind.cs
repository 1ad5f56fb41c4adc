using Xrm.Sdk;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Fields;

internal sealed class BooleanKind() : FieldKind<BooleanView, BooleanInput>("boolean")
{
    public override string Show(FieldScope scope, object value) => scope.Language[value is true ? Words.Yes : Words.No];

    public override string Write(FieldScope scope, object value) => value is true ? "true" : "false";

    public override object? Read(FieldScope scope, string text, out Label? fault)
    {
        fault = null;
        return text == "true";
    }
}
