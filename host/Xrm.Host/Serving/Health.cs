using System.Text.Json.Nodes;
using Xrm.Core.Administration;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.Serving;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: the data can be read, and how many plugins were refused; which and why only staff are told (<c>xrm plugin list</c>).</summary>
internal static class Health
{
    public static async Task Answer(HttpContext context, Composition host)
    {
        var path = context.Request.Path.Value;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        else if (path == "/health/live")
            await Write(context, new() { ["status"] = "live" });
        else if (path == "/health/ready")
            await Write(context, Ready(host));
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static JsonObject Ready(Composition host)
    {
        try
        {
            using var reader = host.Engine.Read(Actor.System);
            return new() { ["status"] = "ready", ["plugins"] = host.Plugins.Count(p => p.Condition == PluginCondition.Running), ["refused"] = host.Plugins.Count(p => p.Condition is PluginCondition.Refused or PluginCondition.SwitchedOff) };
        }
        catch (Exception e) when (e is Problem or ObjectDisposedException)
        {
            return new() { ["status"] = "unavailable" };
        }
    }

    private static Task Write(HttpContext context, JsonObject answer)
    {
        if (answer["status"]!.GetValue<string>() == "unavailable")
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(answer.ToJsonString(Wire.Options), context.RequestAborted);
    }
}
