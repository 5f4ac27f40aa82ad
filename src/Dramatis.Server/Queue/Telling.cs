namespace Dramatis.Server.Queue;

/// <summary>Calls of grains that nothing depends on: what they would tell is in the database, and is found there a moment later.</summary>
/// <remarks>The silo that a grain lived on may just have died; until another has it, calls fail in many ways.</remarks>
internal static class Telling
{
    /// <param name="unheard">Told why nobody was to be reached.</param>
    /// <returns>False when nobody was to be reached.</returns>
    public static async Task<bool> TryAsync(Func<Task> tell, Action<Exception>? unheard = null)
    {
        try
        {
            await tell();
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            unheard?.Invoke(e);
            return false;
        }
    }

    /// <summary>How the queue stands; null when nobody says.</summary>
    public static async Task<QueueState?> LookAsync(this IGrainFactory grains, string? job = null)
    {
        QueueState? state = null;
        await TryAsync(async () => state = await grains.GetGrain<IDispatcher>(0).Look(job));
        return state;
    }

    /// <summary>Places in line, from 1, of those that wait; none when nobody says.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> PlacesAsync(this IGrainFactory grains, IReadOnlyList<string> jobs)
    {
        Dictionary<string, int> places = [];
        if (jobs.Count > 0)
        {
            await TryAsync(async () => places = await grains.GetGrain<IDispatcher>(0).Places(jobs));
        }

        return places;
    }
}
