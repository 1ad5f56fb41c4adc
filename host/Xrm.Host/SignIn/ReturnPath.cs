namespace Xrm.Host.SignIn;

/// <summary>Where somebody goes on after signing in: a path of this host, never another site.</summary>
internal static class ReturnPath
{
    private const int Longest = 2000;

    /// <summary>The path asked for; <c>/</c> when it is none of ours.</summary>
    public static string Of(string? asked) => asked is not null && IsOurs(asked) ? asked : "/";

    /// <summary>Browsers read a backslash as a slash and drop tabs and line ends, so that <c>/\t/elsewhere</c> would be another site.</summary>
    private static bool IsOurs(string path) =>
        path.Length is > 0 and <= Longest && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && path.All(c => c is > ' ' and < '\x7f' and not '\\')
        && !path.StartsWith(SignInEndpoint.Path, StringComparison.Ordinal);
}
