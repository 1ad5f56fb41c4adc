using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Xrm.Host.SignIn;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Makes, lists and revokes tokens.</summary>
internal static class TokenOperations
{
    private const int MostDays = 3650;

    public static Task<JsonObject> Create(OperationRun run, CancellationToken cancellation)
    {
        var name = run.Text("name")?.Trim() ?? "";
        var days = run.Number("days") ?? 365;
        ImmutableArray<string> roles = [.. (run.Arguments["roles"] as JsonArray ?? []).Select(r => r!.GetValue<string>()).Distinct(StringComparer.Ordinal)];
        var known = run.Host.Engine.Model.Roles.Keys.Append(Role.Administrator).Order(StringComparer.Ordinal).ToArray();
        var faults = roles.Where(r => !known.Contains(r)).Select(r => new Fault(ProblemCode.Invalid, Label.Of(
            $"« {r} » n'est pas un profil. Il y a : {string.Join(", ", known)}.", $"\"{r}\" is not a role. There are: {string.Join(", ", known)}."), "role")).ToList();
        if (name.Length is 0 or > 100 || name.Any(char.IsControl))
            faults.Add(new(ProblemCode.Invalid, Label.Of("Le nom d'un jeton a 1 à 100 caractères.", "A token's name has 1 to 100 characters."), "name"));
        if (days is < 1 or > MostDays)
            faults.Add(new(ProblemCode.Invalid, Label.Of($"Un jeton vaut 1 à {MostDays} jours.", $"A token is good for 1 to {MostDays} days."), "days"));
        if (faults.Count > 0)
            throw new Problem(faults);
        var (token, secret) = run.Host.Credentials.CreateToken(name, roles, TimeSpan.FromDays(days));
        var json = Json(token, run.Host.Time.GetUtcNow());
        json["token"] = secret;
        return Task.FromResult(json);
    }

    public static Task<JsonObject> List(OperationRun run, CancellationToken cancellation) => Task.FromResult(new JsonObject
    {
        ["tokens"] = new JsonArray([.. run.Host.Credentials.Tokens.Select(t => (JsonNode)Json(t, run.Host.Time.GetUtcNow()))]),
    });

    public static Task<JsonObject> Revoke(OperationRun run, CancellationToken cancellation)
    {
        var name = run.Text("name") ?? "";
        var gone = run.Host.Credentials.RevokeTokens(name);
        return gone.IsEmpty
            ? throw new Problem(ProblemCode.NotFound, Label.Of($"Il n'y a pas de jeton « {name} ».", $"There is no token \"{name}\"."), "name")
            : Task.FromResult(new JsonObject { ["revoked"] = gone.Length, ["ids"] = new JsonArray([.. gone.Select(t => (JsonNode)t.Id)]) });
    }

    private static JsonObject Json(Token token, DateTimeOffset now) => new()
    {
        ["id"] = token.Id,
        ["name"] = token.Name,
        ["roles"] = new JsonArray([.. token.Roles.Select(r => (JsonNode)r)]),
        ["created"] = token.Created,
        ["expires"] = token.Expires,
        ["valid"] = token.IsValid(now),
    };
}
