namespace Xrm.Staff.Fields;

internal sealed class TextKind() : FieldKind<TextView, TextInput>("text");
