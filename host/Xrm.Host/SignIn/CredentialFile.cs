using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Xrm.Sdk;

namespace Xrm.Host.SignIn;

/// <summary>All that <see cref="Credentials"/> keeps; it does not change.</summary>
internal sealed record CredentialFile
{
    public ImmutableArray<Account> Accounts { get; init; } = [];
    public ImmutableArray<Token> Tokens { get; init; } = [];
    public ImmutableArray<Pass> Sessions { get; init; } = [];
    public ImmutableArray<Pass> Links { get; init; } = [];
}

/// <summary>A person who may sign in.</summary>
/// <param name="LastSignIn">Null until the first time.</param>
/// <param name="Demo">Which one of the demonstration it is (<see cref="DemoAccount.Key"/>); null = somebody real.</param>
internal sealed record Account(string Id, string Name, ImmutableArray<string> Roles, DateTimeOffset Created, DateTimeOffset? LastSignIn, string? Demo = null)
{
    [JsonIgnore]
    public Actor Actor { get; } = new("user:" + Id, Roles);
}

/// <summary>What a program comes in with.</summary>
/// <param name="Expires">Null = never.</param>
/// <param name="Hash">SHA-256 of the secret, hexadecimal.</param>
internal sealed record Token(string Id, string Name, ImmutableArray<string> Roles, DateTimeOffset Created, DateTimeOffset? Expires, string Hash)
{
    [JsonIgnore]
    public Actor Actor { get; } = new("token:" + Id, Roles);

    public bool IsValid(DateTimeOffset now) => Expires is null || Expires > now;
}

/// <summary>A secret of an account that is good for a while: a session or a sign-in link.</summary>
internal sealed record Pass(string Account, string Hash, DateTimeOffset Expires);

/// <summary>The same by what is asked for.</summary>
/// <remarks>Secrets that were right are known again without their digest for as long as the file is the same: there are no more of them than the file has.</remarks>
internal sealed class CredentialIndex(CredentialFile file)
{
    private readonly ConcurrentDictionary<string, Token> _knownTokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Pass> _knownSessions = new(StringComparer.Ordinal);

    public CredentialFile File { get; } = file;

    public FrozenDictionary<string, Token> Tokens { get; } = file.Tokens.ToFrozenDictionary(t => t.Hash, StringComparer.Ordinal);

    public FrozenDictionary<string, Pass> Sessions { get; } = file.Sessions.ToFrozenDictionary(s => s.Hash, StringComparer.Ordinal);

    public FrozenDictionary<string, Account> Accounts { get; } = file.Accounts.ToFrozenDictionary(a => a.Id, StringComparer.Ordinal);

    /// <summary>The token of a secret; null = nobody's.</summary>
    public Token? OfToken(string secret) => Of(secret, Tokens, _knownTokens);

    /// <summary>The session of a secret; null = nobody's.</summary>
    public Pass? OfSession(string secret) => Of(secret, Sessions, _knownSessions);

    /// <summary>By the ids of actors.</summary>
    public FrozenDictionary<string, string> Names { get; } = file.Accounts.Select(a => (a.Actor.Id, a.Name)).Concat(file.Tokens.Select(t => (t.Actor.Id, t.Name)))
        .ToFrozenDictionary(n => n.Id, n => n.Name, StringComparer.Ordinal);

    private static T? Of<T>(string secret, FrozenDictionary<string, T> byHash, ConcurrentDictionary<string, T> known) where T : class
    {
        if (known.TryGetValue(secret, out var one))
            return one;
        if (byHash.TryGetValue(Credentials.Hash(secret), out one))
            known.TryAdd(secret, one);
        return one;
    }
}
