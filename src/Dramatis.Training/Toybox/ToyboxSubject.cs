using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Dramatis.Toybox;

/// <summary>One entry of the subject bank.</summary>
/// <param name="Code">Code points in hex, joined by dashes, as emojibase spells them.</param>
/// <param name="Family">Code of the base form; skin variants share it.</param>
/// <param name="Name">English name in lower case, without an article.</param>
/// <param name="Order">Place in emojibase's order, common and simple things first.</param>
internal sealed record ToyboxSubject(string Code, string Family, string Name, int Order)
{
    private const int HeldOutShare = 12;

    /// <summary>Whether the family is kept away from every training stage but the VAE's.</summary>
    public bool IsHeldOut { get; } = HashOf(Family) % HeldOutShare == 0;

    public bool IsBaseForm => Code == Family;

    [SuppressMessage("Security", "CA5351", Justification = "A fixed way to split the data, no secret.")]
    private static BigInteger HashOf(string family) =>
        new(MD5.HashData(Encoding.ASCII.GetBytes(family)), isUnsigned: true, isBigEndian: true);
}
