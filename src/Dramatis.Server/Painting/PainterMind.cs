using Dramatis.Server.Queue;

namespace Dramatis.Server.Painting;

/// <summary>What a painter says to the others. A word that does not arrive is said again, or found in the database.</summary>
internal sealed partial class PainterMind(IGrainFactory grains, ILocalSiloDetails silo, ILogger<PainterMind> log)
{
    public async Task SayAsync(string? job, string? lease, string? holds, bool isFree, int runs)
    {
        try
        {
            await grains.GetGrain<IDispatcher>(0).Announce(new(
                silo.SiloAddress.ToParsableString(), Environment.MachineName, Environment.ProcessId, job, lease, holds, isFree, runs));
        }
        catch (Exception e) when (e is not OutOfMemoryException)    // a silo that dies is met in many ways
        {
            LogUnheard(e);
        }
    }

    /// <summary>There are new events of a job.</summary>
    public async Task TellAsync(string job)
    {
        try
        {
            await grains.GetGrain<IJob>(job).Changed();
        }
        catch (Exception e) when (e is not OutOfMemoryException)    // a silo that dies is met in many ways
        {
            LogUnheard(e);
        }
    }

    [LoggerMessage(LogLevel.Debug, "nobody hears this painter")]
    private partial void LogUnheard(Exception e);
}
