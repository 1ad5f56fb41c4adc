using Xrm.Sdk;

namespace Xrm.Staff.Fields;

/// <summary>Web addresses; whoever leaves out the scheme means https.</summary>
internal sealed class UrlKind() : FieldKind<UrlView, UrlInput>("url")
{
    public override string Show(FieldScope scope, object value)
    {
        var text = (string)value;
        var start = text.IndexOf("://", StringComparison.Ordinal);
        return start < 0 ? text : text[(start + 3)..].TrimEnd('/');
    }

    public override string Write(FieldScope scope, object value) => (string)value;

    public override object? Read(FieldScope scope, string text, out Label? fault)
    {
        fault = null;
        text = text.Trim();
        return !text.Contains("://", StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal) && !text.Contains(' ', StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal) ? "https://" + text : text;
    }
}
