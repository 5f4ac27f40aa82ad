namespace Dramatis.Server.Api;

/// <summary>Tells clients of a full queue when to come again: each when the next place will be free that nobody was told of.</summary>
internal sealed class ComeAgain(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);    // not everybody who was told comes

    private readonly Lock door = new();
    private DateTimeOffset told;

    /// <param name="pace">How long it takes until a place is free.</param>
    public TimeSpan Next(TimeSpan pace)
    {
        lock (door)
        {
            var now = time.GetUtcNow();
            told = (told > now ? told : now) + pace;
            told = told - now < Longest ? told : now + Longest;
            return told - now;
        }
    }
}
