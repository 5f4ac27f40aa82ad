using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace Dramatis.Server.Host;

/// <summary>Why a service cannot listen, in words that say what to do.</summary>
internal static class ListenProblem
{
    /// <param name="error">What the start ended with.</param>
    /// <returns>Null for what has nothing to do with listening.</returns>
    public static string? Of(Exception error, IReadOnlyList<string> addresses)
    {
        var all = string.Join(", ", addresses);
        return error switch
        {
            IOException { InnerException: AddressInUseException } => $"another program listens on {all}; stop it, or choose another address with --urls.",
            SocketException { SocketErrorCode: SocketError.AccessDenied } =>
                $"{all} cannot be listened on without more rights: ports below 1024 are the system's. Choose a higher one, or put a proxy before it.",
            SocketException => $"{all} cannot be listened on; give an address of this machine.",
            InvalidOperationException or CryptographicException or FileNotFoundException or DirectoryNotFoundException
                when addresses.Any(address => address.StartsWith("https", StringComparison.OrdinalIgnoreCase)) =>
                $"{all} needs a certificate that can be read; name one in Kestrel__Certificates__Default__Path, with its key in "
                    + "Kestrel__Certificates__Default__KeyPath.",
            _ => null,
        };
    }
}
