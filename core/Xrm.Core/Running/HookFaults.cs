using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>What people are told when a plugin's handler gave no answer. Nothing that the handler threw is among it: that is in the log.</summary>
internal static class HookFaults
{
    /// <summary>Internal: it failed. Unavailable: it was too late, or is switched off.</summary>
    /// <param name="end">Any but done.</param>
    /// <param name="doing">What the plugin was doing: « en enregistrant Personne », "while saving Person".</param>
    public static Fault Of(CallEnd end, Attachment attachment, Label doing) => end switch
    {
        CallEnd.Failed => new(ProblemCode.Internal, Label.Of(
            $"Le module {attachment.Plugin} a échoué {doing.Fr}.",
            $"Plugin {attachment.Plugin} failed {doing.En}."), null, "pluginFailed"),
        CallEnd.TooLate => new(ProblemCode.Unavailable, Label.Of(
            $"Le module {attachment.Plugin} n'a pas répondu à temps {doing.Fr}.",
            $"Plugin {attachment.Plugin} did not answer in time {doing.En}."), null, "pluginTime"),
        CallEnd.Off => Off(attachment),
        _ => throw new ArgumentOutOfRangeException(nameof(end)),
    };

    /// <summary>Unavailable: it is switched off, why, and how to enable it again.</summary>
    public static Fault Off(Attachment attachment)
    {
        var reason = attachment.Health.Off ?? Label.Of("raison inconnue.", "reason unknown.");
        return new(ProblemCode.Unavailable, Label.Of(
            $"Le module {attachment.Plugin} est à l'arrêt : {reason.Fr} Pour le remettre en marche : xrm plugin enable {attachment.Plugin}",
            $"Plugin {attachment.Plugin} is switched off: {reason.En} To enable it again: xrm plugin enable {attachment.Plugin}"), null, "pluginOff");
    }
}
