using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xrm.Sdk;

namespace Elus.Rne;

/// <summary>Makes the keys by which namesakes are told apart. A key tells nothing of the date without the authority's secret, nor who else was born that day.</summary>
/// <param name="secret">32 bytes, the same each time.</param>
internal sealed class BirthKeys(byte[] secret)
{
    private const int Length = 16;

    /// <summary>HMAC-SHA256 over folded family name and date, cut to 128 bits.</summary>
    public string Of(string familyName, DateOnly birth)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var text = TextKey.Fold(familyName) + "\n" + birth.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text), hash);
        return Base64Url.EncodeToString(hash[..Length]);
    }
}
