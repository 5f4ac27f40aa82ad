using Dramatis.Requests;

namespace Dramatis.Cli.Commands;

/// <summary>How long a step takes once the first is done, which also warms everything up.</summary>
/// <param name="time">Null: the system's.</param>
internal sealed class StepClock(TimeProvider? time = null)
{
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private long? last;
    private double seconds;
    private int steps;

    /// <summary>How many are painted in all, one after another.</summary>
    public int Pictures { get; set; } = 1;

    /// <summary>Null until the second step of a picture is done.</summary>
    public double? SecondsAStep => steps == 0 ? null : seconds / steps;

    /// <summary>Notes a step. What lies between two pictures, decoding and the first step of the next, does not count.</summary>
    public void Add(StepDone done)
    {
        var now = time.GetTimestamp();
        if (last is { } before && done.Step > 1)
        {
            seconds += time.GetElapsedTime(before, now).TotalSeconds;
            steps++;
        }

        last = now;
    }

    /// <summary>Of the steps that are to come, in this picture and in those after it.</summary>
    public double SecondsLeft(StepDone done) => (SecondsAStep ?? 0) * (done.Count - done.Step + ((Pictures - done.Picture - 1) * done.Count));
}
