using System.Security.Cryptography;
using System.Text;

namespace Xrm.Host.SignIn;

/// <summary>Tells the forms of our own page to sign in from those of other pages, which could sign somebody in as whom they like (decision 0064).</summary>
internal sealed class SignInForms(byte[] key, TimeProvider time)
{
    public const string Cookie = "xrm_sign_in";
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>What a form of the page must bring back; it is good with the browser's cookie alone, which is set here.</summary>
    public string Token(HttpContext context)
    {
        var known = context.Request.Cookies[Cookie];
        if (known is null || !IsCurrent(known))
        {
            known = $"{time.GetUtcNow().Add(Life).ToUnixTimeSeconds()}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
            context.Response.Cookies.Append(Cookie, known, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = SignInEndpoint.Path, MaxAge = Life, IsEssential = true });
        }
        return Of(known);
    }

    /// <summary>Whether a form was sent by a page of ours, as the browser says.</summary>
    public static bool IsOwnPage(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site == "same-origin";
        // Browsers too old to say so tell the origin of every form.
        return request.Headers.Origin is { Count: 1 } origin && string.Equals(origin[0], $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a token is that of the browser's cookie.</summary>
    public bool IsOurs(HttpRequest request, string token) =>
        request.Cookies[Cookie] is { } known && IsCurrent(known) && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Of(known)), Encoding.UTF8.GetBytes(token));

    private bool IsCurrent(string known) => known.Length <= 64 && long.TryParse(known.Split('.')[0], out var end) && end > time.GetUtcNow().ToUnixTimeSeconds();

    private string Of(string known) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(known)));
}
