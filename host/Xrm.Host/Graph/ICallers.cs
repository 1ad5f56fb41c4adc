using Microsoft.AspNetCore.Http;
using Xrm.Sdk;

namespace Xrm.Host.Graph;

/// <summary>Tells who is at the other end of a connection that stays open, and whether they still may be.</summary>
internal interface ICallers
{
    /// <summary>Who made a request, by what came with it. What is answered may be asked again and again: <see cref="Actor.Anonymous"/> once what came with it is worth nothing any more.</summary>
    Func<Actor> Of(HttpContext context);

    /// <summary>The same by an authorization that a client sends later, such as <c>Bearer …</c>; null when it is worth nothing.</summary>
    Func<Actor>? By(string authorization, HttpContext context);
}
