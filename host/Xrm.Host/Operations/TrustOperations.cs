using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Xrm.Host.Trust;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>Lists, adds and removes what the authority trusts.</summary>
internal static class TrustOperations
{
    private const int LongestNote = 200;

    public static Task<JsonObject> List(OperationRun run, CancellationToken cancellation)
    {
        var trusted = run.Host.Trusted.Read();
        return Task.FromResult(new JsonObject { ["hashes"] = Json(trusted.Hashes), ["certificates"] = Json(trusted.Certificates) });
    }

    public static Task<JsonObject> Add(OperationRun run, CancellationToken cancellation)
    {
        var sha256 = Sha256(run);
        var note = run.Text("note")?.Trim() ?? "";
        if (note.Length > LongestNote || note.Any(char.IsControl))
            throw new Problem(ProblemCode.Invalid, Label.Of($"Une note a {LongestNote} caractères au plus.", $"A note has at most {LongestNote} characters."), "note");
        var isCertificate = run.Flag("certificate");
        run.Host.Trusted.Add(new(sha256, note), isCertificate);
        return Task.FromResult(new JsonObject { ["sha256"] = sha256, ["note"] = note, ["certificate"] = isCertificate });
    }

    public static Task<JsonObject> Remove(OperationRun run, CancellationToken cancellation)
    {
        var sha256 = Sha256(run);
        return run.Host.Trusted.Remove(sha256)
            ? Task.FromResult(new JsonObject { ["removed"] = sha256 })
            : throw new Problem(ProblemCode.NotFound, Label.Of($"{sha256} n'est pas dans la liste.", $"{sha256} is not on the list."), "sha256");
    }

    private static string Sha256(OperationRun run) => TrustList.Normal(run.Text("sha256") ?? "") ?? throw new Problem(ProblemCode.Invalid, Label.Of(
        "Une empreinte SHA-256 a 64 chiffres hexadécimaux.", "A SHA-256 has 64 hexadecimal digits."), "sha256", Commands.Terminal.Usage);

    private static JsonArray Json(ImmutableArray<TrustedHash> hashes) =>
        new([.. hashes.Select(h => (JsonNode)new JsonObject { ["sha256"] = h.Sha256, ["note"] = h.Note })]);
}
