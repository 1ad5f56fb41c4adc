using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.SignIn;

/// <summary>Who may come in: accounts, their sessions and sign-in links, and the tokens of programs. Of each secret only the SHA-256 is written down. All members may be used from several threads at once.</summary>
/// <remarks>One file, written whole under the store's lock. A secret has 256 random bits, so a plain hash is as good as a slow one.</remarks>
/// <param name="isDemo">Whether the accounts of a demonstration can be used.</param>
internal sealed class Credentials(string path, TimeProvider time, bool isDemo)
{
    public static readonly TimeSpan LinkLife = TimeSpan.FromHours(24);
    public static readonly TimeSpan SessionLife = TimeSpan.FromDays(7);

    private readonly Lock _lock = new();
    private volatile CredentialIndex _index = new(Read(path));

    public ImmutableArray<Token> Tokens => _index.File.Tokens;

    /// <summary>Of real people; those of a demonstration are not among them.</summary>
    public ImmutableArray<Account> Accounts => [.. _index.File.Accounts.Where(a => a.Demo is null)];

    /// <summary>Whether nobody ever came in by a link.</summary>
    public bool IsUnused => Accounts.All(a => a.LastSignIn is null);

    /// <summary>Makes a token.</summary>
    /// <param name="name">What it is for; no two valid tokens have the same.</param>
    /// <param name="life">How long it is good; null = until revoked.</param>
    /// <returns>The secret, shown once.</returns>
    /// <exception cref="Problem">Invalid: there is one of that name.</exception>
    public (Token Token, string Secret) CreateToken(string name, ImmutableArray<string> roles, TimeSpan? life)
    {
        var now = time.GetUtcNow();
        var secret = "xrm_" + NewSecret();
        var token = new Token(EntityId.New(now).ToString(), name, roles, now, now + life, Hash(secret));
        Change(file => file.Tokens.Any(t => t.Name == name && t.IsValid(now))
            ? throw new Problem(ProblemCode.Invalid, Label.Of($"Il y a déjà un jeton « {name} ». Révoquez-le ou choisissez un autre nom.", $"There is a token \"{name}\" already. Revoke it or choose another name."), "name")
            : file with { Tokens = file.Tokens.Add(token) });
        return (token, secret);
    }

    /// <summary>Takes tokens away by name or id.</summary>
    /// <returns>Those taken away.</returns>
    public ImmutableArray<Token> RevokeTokens(string nameOrId)
    {
        var gone = ImmutableArray<Token>.Empty;
        Change(file =>
        {
            gone = file.Tokens.RemoveAll(t => t.Name != nameOrId && t.Id != nameOrId);
            return gone.IsEmpty ? file : file with { Tokens = file.Tokens.RemoveAll(t => t.Name == nameOrId || t.Id == nameOrId) };
        });
        return gone;
    }

    /// <summary>Makes an account.</summary>
    public Account CreateAccount(string name, ImmutableArray<string> roles)
    {
        var account = new Account(EntityId.New(time.GetUtcNow()).ToString(), name, roles, time.GetUtcNow(), null);
        Change(file => file with { Accounts = file.Accounts.Add(account) });
        return account;
    }

    /// <summary>Makes those accounts of the demonstration that are not there yet, and answers all of them, in order.</summary>
    public ImmutableArray<Account> MakeDemo()
    {
        Change(file =>
        {
            var missing = DemoAccounts.All.Where(d => file.Accounts.All(a => a.Demo != d.Key)).ToArray();
            return missing.Length == 0 ? file : file with
            {
                Accounts = file.Accounts.AddRange(missing.Select(d => new Account(EntityId.New(time.GetUtcNow()).ToString(), d.Name, d.Roles, time.GetUtcNow(), null, d.Key))),
            };
        });
        return [.. DemoAccounts.All.Select(d => _index.File.Accounts.First(a => a.Demo == d.Key))];
    }

    /// <summary>Signs in as somebody of the demonstration.</summary>
    /// <returns>The session's secret; null where this is no demonstration, or there is nobody of that key.</returns>
    public string? SignInDemo(string key)
    {
        var now = time.GetUtcNow();
        var secret = NewSecret();
        var isIn = false;
        Change(file =>
        {
            if (!isDemo || file.Accounts.FirstOrDefault(a => a.Demo == key) is not { } account)
                return file;
            isIn = true;
            return file with
            {
                Accounts = file.Accounts.Replace(account, account with { LastSignIn = now }),
                Sessions = file.Sessions.RemoveAll(s => s.Expires <= now).Add(new Pass(account.Id, Hash(secret), now + SessionLife)),
            };
        });
        return isIn ? secret : null;
    }

    /// <summary>A new one-time code for an account's sign-in link; earlier ones of the account are void.</summary>
    public string CreateLink(Account account)
    {
        var code = NewSecret();
        var link = new Pass(account.Id, Hash(code), time.GetUtcNow() + LinkLife);
        Change(file => file with { Links = file.Links.RemoveAll(l => l.Account == account.Id).Add(link) });
        return code;
    }

    /// <summary>Signs in with a code, which is good no more afterwards.</summary>
    /// <returns>The session's secret; null when the code is unknown, used or too old.</returns>
    public string? SignIn(string code)
    {
        var now = time.GetUtcNow();
        var hash = Hash(code);
        var secret = NewSecret();
        var isIn = false;
        Change(file =>
        {
            var link = file.Links.FirstOrDefault(l => l.Hash == hash && l.Expires > now);
            var account = file.Accounts.FirstOrDefault(a => a.Id == link?.Account);
            if (link is null || account is null)
                return file;
            isIn = true;
            return file with
            {
                Links = file.Links.Remove(link),
                Accounts = file.Accounts.Replace(account, account with { LastSignIn = now }),
                Sessions = file.Sessions.RemoveAll(s => s.Expires <= now).Add(new Pass(account.Id, Hash(secret), now + SessionLife)),
            };
        });
        return isIn ? secret : null;
    }

    /// <summary>Ends a session.</summary>
    public void SignOut(string session)
    {
        var hash = Hash(session);
        Change(file => file.Sessions.All(s => s.Hash != hash) ? file : file with { Sessions = file.Sessions.RemoveAll(s => s.Hash == hash) });
    }

    /// <summary>Who holds a token; null when it is none of ours, revoked or expired.</summary>
    public Actor? OfToken(string secret) =>
        _index.OfToken(secret) is { } token && token.IsValid(time.GetUtcNow()) ? token.Actor : null;

    /// <summary>Whose session it is; null when it is none of ours or over.</summary>
    public Actor? OfSession(string secret)
    {
        var index = _index;
        return index.OfSession(secret) is { } session && session.Expires > time.GetUtcNow()
            && index.Accounts.GetValueOrDefault(session.Account) is { } account && (isDemo || account.Demo is null)
            ? account.Actor
            : null;
    }

    /// <summary>What an account or a token is called; null when the actor is neither, or gone.</summary>
    public string? NameOf(string actor) => _index.Names.GetValueOrDefault(actor);

    private void Change(Func<CredentialFile, CredentialFile> change)
    {
        lock (_lock)
        {
            var next = change(_index.File);
            if (ReferenceEquals(next, _index.File))
                return;
            DataFolder.WriteWhole(path, JsonSerializer.SerializeToUtf8Bytes(next, CredentialJson.Default.CredentialFile));
            _index = new(next);
        }
    }

    private static CredentialFile Read(string path)
    {
        if (!File.Exists(path))
            return new CredentialFile();
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CredentialJson.Default.CredentialFile) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new Problem(ProblemCode.Unavailable, Label.Of(
                $"Le fichier {path} est abîmé. Remettez celui de la sauvegarde, ou effacez-le : tous les jetons et accès sont alors à refaire.",
                $"The file {path} is damaged. Put back the one of the backup, or delete it: all tokens and accesses must then be made anew."));
        }
    }

    private static string NewSecret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
