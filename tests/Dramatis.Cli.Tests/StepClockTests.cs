using Dramatis.Cli.Commands;

namespace Dramatis.Cli.Tests;

public sealed class StepClockTests
{
    [Fact]
    public void The_first_step_and_what_lies_between_pictures_are_no_measure_of_those_to_come()
    {
        var time = new SteppedTime();
        var clock = new StepClock(time) { Pictures = 3 };

        Done(60, picture: 0, step: 1);
        Assert.Null(clock.SecondsAStep);

        Done(2, picture: 0, step: 2);
        Assert.Equal(2, clock.SecondsAStep!.Value, 6);
        Assert.Equal(2 * ((4 - 2) + (2 * 4)), clock.SecondsLeft(new(0, 2, 4)), 6);

        Done(2, 0, 3);
        Done(2, 0, 4);
        Done(30, 1, 1);
        Done(5, 1, 2);
        Assert.Equal((2 + 2 + 2 + 5) / 4.0, clock.SecondsAStep!.Value, 6);
        Assert.Equal(0, clock.SecondsLeft(new(2, 4, 4)), 6);

        void Done(double seconds, int picture, int step)
        {
            time.Now += (long)(seconds * TimeProvider.System.TimestampFrequency);
            clock.Add(new(picture, step, 4));
        }
    }

    private sealed class SteppedTime : TimeProvider
    {
        public long Now { get; set; }

        public override long GetTimestamp() => Now;
    }
}
