using System.Net;
using System.Net.NetworkInformation;
using Dramatis.Errors;
using Dramatis.Server.Settings;

namespace Dramatis.Server.Access;

/// <summary>Where a service listens, who reaches it there, and by which names it answers.</summary>
/// <param name="IsLocal">Whether programs of this machine alone reach it.</param>
internal sealed record Doorway(IReadOnlyList<string> Addresses, IReadOnlyList<string> Hosts, bool IsLocal)
{
    private static readonly string[] OwnNames = ["localhost", "127.0.0.1", "[::1]"];

    /// <param name="endpoints">Addresses that Kestrel's own settings have besides, for example with a certificate.</param>
    /// <exception cref="InvalidRequestException">One is no address.</exception>
    public static Doorway Of(ServiceSettings settings, IEnumerable<string> endpoints)
    {
        string[] urls = Split(settings.Urls);
        InvalidRequestException.ThrowUnless(urls.Length > 0, "urls", "is empty; give an address such as http://127.0.0.1:7865.");
        string[] names = Split(settings.Hosts ?? "");
        var wrong = Array.Find(names, name => !IsHost(name));
        InvalidRequestException.ThrowUnless(wrong is null, "hosts", $"\"{wrong}\" is no name of a host; write paint.example.org, without a scheme or a port.");
        List<BindingAddress> all = [.. urls.Concat(endpoints).Select(Parse)];
        return new(
            urls,
            [.. OwnNames.Concat(names).Concat(all.SelectMany(NamesOf)).Distinct(StringComparer.OrdinalIgnoreCase)],
            all.TrueForAll(IsLoopback) && settings.TrustedProxy is null);
    }

    /// <summary>Refuses to begin where everybody could ask for everything.</summary>
    /// <exception cref="InvalidRequestException">Others reach it, and there is no key.</exception>
    public async Task CheckAsync(KeyStore keys, ServiceSettings settings)
    {
        var isSafe = IsLocal || await keys.AnyAsync(live: true, CancellationToken.None);
        InvalidRequestException.ThrowUnless(
            isSafe,
            settings.TrustedProxy is null ? "urls" : "trusted_proxy",
            $"others than this machine would reach {string.Join(", ", Addresses)}, and there is no key yet that they must have; make one with "
                + $"'dramatis keys add NAME{DataFlag(settings)}'.");
    }

    public static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string DataFlag(ServiceSettings settings) => settings.Data == SettingsReader.UsualFolder ? "" : $" --data {settings.Data}";

    // Stars stand for all, or for what is before a name.
    private static bool IsHost(string name) =>
        name == "*" || Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name.Trim('[', ']')) != UriHostNameType.Unknown;

    private static BindingAddress Parse(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return address is { Scheme: "http" or "https", IsUnixPipe: false, IsNamedPipe: false, PathBase: "", Port: >= 0 and <= ushort.MaxValue }
                ? address
                : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new InvalidRequestException("urls", $"\"{text}\" is no address; write http://127.0.0.1:7865.");
        }
    }

    private static bool IsLoopback(BindingAddress address) => address.Host == "localhost" || (Literal(address) is { } ip && IPAddress.IsLoopback(ip));

    private static IPAddress? Literal(BindingAddress address) => IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip : null;

    // What is no address of one card listens on all of them.
    private static IEnumerable<string> NamesOf(BindingAddress address) =>
        Literal(address) is { } ip && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any) ? [NameOf(ip)]
        : address.Host == "localhost" ? []
        : [.. address.Host is "*" or "+" || Literal(address) is not null ? (string[])[] : [address.Host], Dns.GetHostName(), .. OfCards()];

    private static IEnumerable<string> OfCards() =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(item => NameOf(item.Address));

    private static string NameOf(IPAddress ip) =>
        ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{new IPAddress(ip.GetAddressBytes())}]" : ip.ToString();
}
