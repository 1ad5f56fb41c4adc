namespace Xrm.Staff.Fields;

internal sealed class LongTextKind() : FieldKind<LongTextView, LongTextInput>("longText");
