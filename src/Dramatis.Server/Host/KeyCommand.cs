using System.Globalization;
using System.Text.Json;
using Dramatis.Server.Access;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Host;

/// <summary><c>dramatis keys</c>: keys in the database of a service, whether it runs or not.</summary>
internal static class KeyCommand
{
    /// <exception cref="Errors.InvalidRequestException">A name is none, has a key already, or has none.</exception>
    public static async Task RunAsync(ServiceSettings settings, KeyOrder order)
    {
        var services = new ServiceCollection();
        services.AddStorage(settings);
        await using var parts = services.BuildServiceProvider();
        var databases = parts.GetRequiredService<IDbContextFactory<ServiceDb>>();
        await ServiceDb.PrepareAsync(databases, CancellationToken.None);
        var keys = new KeyStore(databases, TimeProvider.System);
        switch (order.Action)
        {
            case KeyAction.Add:
                Console.WriteLine((await keys.AddAsync(order, CancellationToken.None)).Write());
                await Console.Error.WriteLineAsync(
                    $"The key of {order.Name} ({ServiceDb.NameOf(order.Role)}). It is shown this once; send it as 'Authorization: Bearer KEY'. From now on nobody is answered without one.");
                break;
            case KeyAction.Revoke:
                await keys.RevokeAsync(order.Name ?? "", CancellationToken.None);
                break;
            default:
                (await keys.ListAsync(CancellationToken.None)).ForEach(key => Console.WriteLine(order.IsJson ? Json(key) : Line(key)));
                break;
        }
    }

    private static string Line(KeyRow key) => string.Join("  ", [
        $"{key.Name,-24}", $"{ServiceDb.NameOf(key.Role),-5}", $"made {Day(key.Created)}",
        .. key.MaxQueue is { } queue ? [$"max_queue {queue}"] : (string[])[],
        .. key.MaxWork is { } work ? [string.Create(CultureInfo.InvariantCulture, $"max_work {work}")] : (string[])[],
        .. key.Revoked is { } revoked ? [$"revoked {Day(revoked)}"] : (string[])[]]);

    private static string Json(KeyRow key) => JsonSerializer.Serialize(new
    {
        name = key.Name,
        role = ServiceDb.NameOf(key.Role),
        max_queue = key.MaxQueue,
        max_work = key.MaxWork,
        created = DateTimeOffset.FromUnixTimeMilliseconds(key.Created),
        revoked = key.Revoked is { } revoked ? DateTimeOffset.FromUnixTimeMilliseconds(revoked) : (DateTimeOffset?)null,
    });

    private static string Day(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
