namespace Xrm.Staff.Fields;

internal sealed class CodeKind() : FieldKind<CodeView, CodeInput>("code")
{
    public override string Show(FieldScope scope, object value) => scope.Language[scope.Model.LabelOf(scope.Field, (string)value)];
}
