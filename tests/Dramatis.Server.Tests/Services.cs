using Dramatis.Server.Settings;
using Dramatis.Server.Tests.Access;

namespace Dramatis.Server.Tests;

/// <summary>One service whose painters paint nothing, for all tests that only look at answers.</summary>
public sealed class RehearsingService : IAsyncLifetime
{
    internal RunningService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Service = await (await RunningService.StartAsync(null, ("rehearse", "true"), ("painters", "1"), ("max_prompt", "200"), ("max_work", "100"))).ReadyAsync();

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>Tests that share it. Those that pause the queue are among them: one runs at a time.</summary>
[CollectionDefinition(Name)]
public sealed class Rehearsing : ICollectionFixture<RehearsingService>
{
    public const string Name = "rehearsing";
}

/// <summary>One service that paints with the embedded model.</summary>
public sealed class PaintingService : IAsyncLifetime
{
    internal RunningService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await RunningService.StartAsync(null, ("preview_every", "2"));

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>One service with keys, whose painters paint nothing.</summary>
public sealed class KeyedService : IAsyncLifetime
{
    internal RunningService Service { get; private set; } = null!;

    internal string Anna { get; private set; } = "";

    internal string Berta { get; private set; } = "";

    internal string Admin { get; private set; } = "";

    /// <summary>A key that was revoked.</summary>
    internal string Gone { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Service = await (await RunningService.StartAsync(null, ("rehearse", "true"))).ReadyAsync();
        Anna = await Service.AddKeyAsync("anna");
        Berta = await Service.AddKeyAsync("berta", maxQueue: 1, maxWork: .1);
        Admin = await Service.AddKeyAsync("chef", KeyRole.Admin);
        Gone = await Service.AddKeyAsync("gone");
        await Service.RevokeAsync("gone");
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>Tests that share it, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class Keyed : ICollectionFixture<KeyedService>
{
    public const string Name = "keyed";
}
