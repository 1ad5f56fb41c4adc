using System.Collections.Immutable;
using Xrm.Core;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>A file format and the plugin that brings it.</summary>
/// <param name="Format">The format.</param>
/// <param name="By">Whose it is; null = the host's own.</param>
internal sealed record BroughtFormat<T>(T Format, Attachment? By)
{
    /// <summary>The data as an actor sees it, as far as the plugin was granted.</summary>
    /// <exception cref="Problem">Unavailable: the plugin is switched off.</exception>
    public IXrm Door(Engine engine, Actor actor)
    {
        if (By is null)
            return engine.As(actor);
        if (By.Health.Off is not null)
            throw new Problem(HookFaults.Off(By));
        return By.Narrow(engine.As(actor), () => engine.Model);
    }
}

/// <summary>The options that are given to a format.</summary>
internal static class FormatOptions
{
    /// <summary>Those given, once each is known.</summary>
    /// <param name="format">The format's name.</param>
    /// <param name="known">What it takes, by name.</param>
    /// <exception cref="Problem">Invalid: every option that it does not know.</exception>
    public static ImmutableDictionary<string, string> Check(string format, IEnumerable<string> known, IEnumerable<(string Name, string Value)> given)
    {
        var options = given.ToImmutableDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal);
        var names = known.Order(StringComparer.Ordinal).ToArray();
        var unknown = options.Keys.Except(names, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length == 0)
            return options;
        var list = string.Join(", ", names.Select(o => "--" + o));
        throw new Problem(unknown.Select(name => new Fault(ProblemCode.Invalid, Label.Of(
            $"Le format {format} ne connaît pas l'option --{name} ({(list.Length > 0 ? list : "il n'en a aucune")}).",
            $"The format {format} has no option --{name} ({(list.Length > 0 ? list : "it has none")})."), name, Commands.Terminal.Usage)));
    }
}
