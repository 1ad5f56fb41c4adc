using System.Collections.Immutable;

namespace Xrm.Sdk;

/// <summary>Who acts: a person at a keyboard, a token, a plugin or the system.</summary>
/// <param name="Id">Stable and without personal data: <c>user:…</c>, <c>token:…</c>, <c>plugin:…</c>, <c>operator:…</c>. Recorded with each commit.</param>
/// <param name="Roles">The names of the roles held; <see cref="Role.Administrator"/> may everything.</param>
public sealed record Actor(string Id, ImmutableArray<string> Roles)
{
    /// <summary>Somebody who is not signed in: sees nothing.</summary>
    public static readonly Actor Anonymous = new("anonymous", []);

    /// <summary>The host itself.</summary>
    public static readonly Actor System = new("system", [Role.Administrator]);

    /// <summary>Whether one of its roles is the administrator's.</summary>
    public bool IsAdministrator => Roles.Contains(Role.Administrator);

    /// <summary>An actor with roles.</summary>
    public static Actor Of(string id, params ReadOnlySpan<string> roles) => new(id, [.. roles]);
}
