using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.Host.Operations;

/// <summary>People's ways in.</summary>
internal static class UserOperations
{
    /// <summary>A one-time link for the administrator, made with the account when there is none yet.</summary>
    public static Task<JsonObject> Link(OperationRun run, CancellationToken cancellation)
    {
        var credentials = run.Host.Credentials;
        var account = credentials.Accounts.FirstOrDefault(a => a.Roles.Contains(Role.Administrator))
            ?? credentials.CreateAccount("administrator", [Role.Administrator]);
        return Task.FromResult(new JsonObject { ["account"] = account.Name, ["path"] = "/sign-in?code=" + credentials.CreateLink(account) });
    }
}
