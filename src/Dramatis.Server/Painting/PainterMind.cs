using Dramatis.Server.Queue;

namespace Dramatis.Server.Painting;

/// <summary>What a painter says to the others. A word that does not arrive is said again, or found in the database.</summary>
internal sealed partial class PainterMind(IGrainFactory grains, ILocalSiloDetails silo, ILogger<PainterMind> log)
{
    public Task SayAsync(string? job, string? lease, string? holds, bool isFree, int runs, long said) => Telling.TryAsync(
        () => grains.GetGrain<IDispatcher>(0).Announce(new(
            silo.SiloAddress.ToParsableString(), Environment.MachineName, Environment.ProcessId, job, lease, holds, isFree, runs, said)),
        LogUnheard);

    /// <summary>There are new events of a job.</summary>
    public Task TellAsync(string job) => Telling.TryAsync(() => grains.GetGrain<IJob>(job).Changed(), LogUnheard);

    [LoggerMessage(LogLevel.Debug, "nobody hears this painter")]
    private partial void LogUnheard(Exception e);
}
