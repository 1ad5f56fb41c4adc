namespace Xrm.Staff.Fields;

internal sealed class StateKind() : FieldKind<StateView, StateInput>("state")
{
    public override string Show(FieldScope scope, object value) => scope.Language[scope.Model.LabelOf(scope.Field, (string)value)];
}
