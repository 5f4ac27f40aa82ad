namespace Dramatis.Server.Api;

/// <summary>Tells clients of a full queue when to come again: each when the next place will be free that nobody was told of.</summary>
internal sealed class ComeAgain(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Lock door = new();
    private readonly Dictionary<string, Told> lines = [];    // by queue

    /// <param name="queue">The queue that is full; each has places of its own.</param>
    /// <param name="pace">How long it takes until a place is free.</param>
    public TimeSpan Next(string queue, TimeSpan pace)
    {
        lock (door)
        {
            var now = time.GetUtcNow();
            var until = (lines.TryGetValue(queue, out var told) && told.Until > now ? told.Until : now) + pace;
            until = until - now < Longest ? until : now + Longest;
            lines[queue] = new(until, pace);
            return until - now;
        }
    }

    /// <summary>Somebody came and left places free: whoever one of them was told to is not there, so the next are told of it again.</summary>
    /// <remarks>Without this, clients that ask before their time, or never again, would send all others away for longer and longer.</remarks>
    public void Missed(string queue)
    {
        lock (door)
        {
            if (lines.TryGetValue(queue, out var told) && told.Until - told.Pace is var until && until > time.GetUtcNow())
            {
                lines[queue] = told with { Until = until };
            }
            else
            {
                lines.Remove(queue);
            }
        }
    }

    private sealed record Told(DateTimeOffset Until, TimeSpan Pace);
}
