using Dramatis.Server.Settings;
using Dramatis.Server.Tests.Storage;

namespace Dramatis.Server.Tests.Access;

/// <summary>Keys of a service that runs.</summary>
internal static class ServiceKeys
{
    /// <summary>Makes a key, as <c>dramatis keys add</c> does.</summary>
    public static async Task<string> AddKeyAsync(
        this RunningService service, string name, KeyRole role = KeyRole.User, int? maxQueue = null, double? maxWork = null) =>
        (await TestDatabase.KeysOf(service.Data).AddAsync(
            new() { Action = KeyAction.Add, Name = name, Role = role, MaxQueue = maxQueue, MaxWork = maxWork }, TestContext.Current.CancellationToken)).Write();

    public static Task RevokeAsync(this RunningService service, string name) =>
        TestDatabase.KeysOf(service.Data).RevokeAsync(name, TestContext.Current.CancellationToken);

    /// <summary>Who asks with a key from then on.</summary>
    public static void Use(this RunningService service, string? key) =>
        service.Http.DefaultRequestHeaders.Authorization = key is null ? null : new("Bearer", key);
}
