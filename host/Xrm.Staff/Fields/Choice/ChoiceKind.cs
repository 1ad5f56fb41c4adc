namespace Xrm.Staff.Fields;

internal sealed class ChoiceKind() : FieldKind<ChoiceView, ChoiceInput>("choice")
{
    public override string Show(FieldScope scope, object value) => scope.Language[scope.Model.LabelOf(scope.Field, (string)value)];
}
