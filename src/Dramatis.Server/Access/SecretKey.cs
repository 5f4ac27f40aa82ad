using System.Globalization;
using System.Security.Cryptography;

namespace Dramatis.Server.Access;

/// <summary>A key as its owner has it: a part to look it up by, and 256 random bits that nobody else knows.</summary>
/// <param name="Id">16 hexadecimal digits, no secret.</param>
internal sealed record SecretKey(string Id, byte[] Secret)
{
    private const string Prefix = "dramatis";    // programs that search texts for secrets find it by that
    private const int IdBytes = 8;
    private const int SecretBytes = 32;

    /// <summary>What is kept of it.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Secret));

    public static SecretKey New() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Null for what is no key.</summary>
    public static SecretKey? Parse(string? text) =>
        text?.Split('_') is [Prefix, { Length: 2 * IdBytes } id, { Length: 2 * SecretBytes } secret] && IsHex(id) && IsHex(secret)
            ? new(id, Convert.FromHexString(secret))
            : null;

    /// <summary>Whether it is the one that was kept. The time it takes tells nothing.</summary>
    public bool Fits(string hash) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Secret), Convert.FromHexString(hash));

    /// <summary>As its owner writes it down, and sends it.</summary>
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}_{Id}_{Convert.ToHexStringLower(Secret)}");

    /// <summary>Nothing of it, wherever it might be shown.</summary>
    public override string ToString() => Prefix;

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigitLower);
}
