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
