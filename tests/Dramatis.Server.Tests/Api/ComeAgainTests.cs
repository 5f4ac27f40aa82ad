using Dramatis.Server.Api;

namespace Dramatis.Server.Tests.Api;

public sealed class ComeAgainTests
{
    private const string Queue = "anna";

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    [Fact]
    public void Each_client_is_told_of_a_place_of_its_own()
    {
        var again = new ComeAgain(new Clock());

        Assert.Equal([2, 4, 6], Enumerable.Range(0, 3).Select(_ => again.Next(Queue, Pace).TotalSeconds));
    }

    [Fact]
    public void Places_that_were_told_of_long_ago_are_free()
    {
        var clock = new Clock();
        var again = new ComeAgain(clock);
        again.Next(Queue, Pace);
        again.Next(Queue, Pace);
        clock.Now += TimeSpan.FromSeconds(60);

        Assert.Equal(Pace, again.Next(Queue, Pace));
    }

    [Fact]
    public void Nobody_is_sent_away_for_longer_than_ten_minutes()
    {
        var again = new ComeAgain(new Clock());

        Assert.Equal(TimeSpan.FromMinutes(10), Enumerable.Range(0, 1000).Select(_ => again.Next(Queue, Pace)).Max());
    }

    [Fact]
    public void A_place_whose_client_did_not_come_is_told_of_again()
    {
        var again = new ComeAgain(new Clock());
        again.Next(Queue, Pace);
        again.Next(Queue, Pace);
        again.Missed(Queue);

        Assert.Equal(2 * Pace, again.Next(Queue, Pace));
    }

    [Fact]
    public void Who_asks_again_and_again_keeps_others_away_only_until_places_are_free()
    {
        var again = new ComeAgain(new Clock());
        for (var i = 0; i < 1000; i++)
        {
            again.Next(Queue, Pace);
        }

        for (var i = 0; i < 1000; i++)
        {
            again.Missed(Queue);
        }

        Assert.Equal(Pace, again.Next(Queue, Pace));
    }

    [Fact]
    public void Queues_have_places_of_their_own()
    {
        var again = new ComeAgain(new Clock());
        again.Next(Queue, Pace);
        again.Missed("ben");

        Assert.Equal(Pace, again.Next("ben", Pace));
        Assert.Equal(2 * Pace, again.Next(Queue, Pace));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
