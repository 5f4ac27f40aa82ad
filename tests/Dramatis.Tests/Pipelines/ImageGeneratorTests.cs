using Dramatis.Errors;
using Dramatis.Pipelines;
using Dramatis.Requests;

namespace Dramatis.Tests.Pipelines;

public sealed class ImageGeneratorTests
{
    private static readonly GenerationRequest Request = new() { Prompt = "a dog" };

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_come_in_order_and_end_with_the_work()
    {
        using var generator = new ImageGenerator((_, progress, _) =>
        {
            progress.Report(new StepDone(0, 1, 2));
            progress.Report(new StepDone(0, 2, 2));
        });

        var events = await generator.GenerateAsync(Request, Test).ToListAsync(Test);

        Assert.Equal([new StepDone(0, 1, 2), new StepDone(0, 2, 2)], events);
    }

    [Fact]
    public async Task Leaving_early_stops_the_work_before_the_enumeration_returns()
    {
        var stopped = false;
        using var generator = new ImageGenerator((_, progress, cancellationToken) =>
        {
            progress.Report(new StepDone(0, 1, 2));
            cancellationToken.WaitHandle.WaitOne();
            stopped = true;
        });

        await foreach (var item in generator.GenerateAsync(Request, Test))
        {
            break;
        }

        Assert.True(stopped);
    }

    [Fact]
    public async Task An_error_reaches_the_reader_after_the_events_before_it()
    {
        using var generator = new ImageGenerator((_, progress, _) =>
        {
            progress.Report(new StepDone(0, 1, 2));
            throw new InvalidRequestException("size", "is odd.");
        });
        var seen = new List<GenerationEvent>();

        await Assert.ThrowsAsync<InvalidRequestException>(async () =>
        {
            await foreach (var item in generator.GenerateAsync(Request, Test))
            {
                seen.Add(item);
            }
        });

        Assert.Single(seen);
    }

    [Fact]
    public async Task Requests_take_turns()
    {
        var (inside, most) = (0, 0);
        using var generator = new ImageGenerator((_, _, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Thread.Yield();
            Interlocked.Decrement(ref inside);
        });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => generator.GenerateAsync(Request, Test).ToListAsync(Test).AsTask()));

        Assert.Equal(1, most);
    }

    [Fact]
    public void A_model_that_is_not_there_is_told_at_once()
    {
        var error = Assert.Throws<ModelNotFoundException>(() => ImageGenerator.Open("no/such/model"));

        Assert.Equal("no/such/model", error.Path);
    }

    [Fact]
    public async Task All_pictures_of_a_request_are_returned()
    {
        using var generator = new ImageGenerator((_, progress, _) =>
        {
            progress.Report(new PictureDone(0, 1, [1]));
            progress.Report(new StepDone(1, 1, 1));
            progress.Report(new PictureDone(1, 2, [2]));
        });

        var pictures = await generator.PaintAsync(Request, Test);

        Assert.Equal([1UL, 2UL], pictures.Select(picture => picture.Seed));
    }

    [Fact]
    public async Task Disposing_stops_the_work_and_waits_for_it()
    {
        using var began = new ManualResetEventSlim();
        var ended = false;
        var generator = new ImageGenerator((_, _, cancellationToken) =>
        {
            began.Set();
            cancellationToken.WaitHandle.WaitOne();
            ended = true;
            cancellationToken.ThrowIfCancellationRequested();
        });
        var painting = generator.PaintAsync(Request, Test);
        began.Wait(Test);

        generator.Dispose();

        Assert.True(ended);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => painting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => generator.PaintAsync(Request, Test));
    }
}
