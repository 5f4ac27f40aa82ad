using Dramatis.Server.Api;

namespace Dramatis.Server.Tests.Api;

public sealed class ComeAgainTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    [Fact]
    public void Each_client_is_told_of_a_place_of_its_own()
    {
        var again = new ComeAgain(new Clock());

        Assert.Equal([2, 4, 6], Enumerable.Range(0, 3).Select(_ => again.Next(Pace).TotalSeconds));
    }

    [Fact]
    public void Places_that_were_told_of_long_ago_are_free()
    {
        var clock = new Clock();
        var again = new ComeAgain(clock);
        again.Next(Pace);
        again.Next(Pace);
        clock.Now += TimeSpan.FromSeconds(60);

        Assert.Equal(Pace, again.Next(Pace));
    }

    [Fact]
    public void Nobody_is_sent_away_for_longer_than_ten_minutes()
    {
        var again = new ComeAgain(new Clock());

        Assert.Equal(TimeSpan.FromMinutes(10), Enumerable.Range(0, 1000).Select(_ => again.Next(Pace)).Max());
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
