using System.Text.Json;
using Dramatis.Studio.Service;
using Dramatis.Studio.Work;

namespace Dramatis.Studio.Tests.Work;

public sealed class LiveJobTests
{
    [Fact]
    public void What_is_told_of_the_past_is_no_pace()
    {
        var job = Begun(at: 50);

        for (var step = 1; step <= 50; step++)
        {
            job.Take(Step(new { picture = 0, step, steps = 100 }));
        }

        Assert.Null(job.Left);
        Assert.Equal(.5, job.Share);
        job.Take(Step(new { picture = 0, step = 51, steps = 100 }));
        Thread.Sleep(20);
        job.Take(Step(new { picture = 0, step = 52, steps = 100 }));
        Assert.InRange(job.Left!.Value.TotalMilliseconds, 48 * 20, 48 * 5000);
    }

    [Fact]
    public void A_training_tells_itself_what_is_left()
    {
        var job = Begun(at: 0);

        job.Take(Step(new { step = 3, steps = 100, loss = .2, average_loss = .3, seconds_left = 97.5 }));

        Assert.Equal(97.5, job.Left!.Value.TotalSeconds);
        Assert.Equal([.3], job.Loss);
    }

    private static LiveJob Begun(int at) => new(new(
        "1", "me", "paint", "running", null, new(0, at, 100), default, default, null, new() { Prompt = "a beach" }, [], null, 0, false, null));

    private static JobNews Step(object data) => new("step", JsonSerializer.SerializeToElement(data));
}
