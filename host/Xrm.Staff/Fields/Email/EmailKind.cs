namespace Xrm.Staff.Fields;

internal sealed class EmailKind() : FieldKind<EmailView, EmailInput>("email");
