using Dramatis.Pipelines;

namespace Dramatis.Tests.Pipelines;

public sealed class WorkThreadTests
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_work_is_done_in_order_on_one_thread_that_is_nobody_else_s()
    {
        using var thread = new WorkThread("work");
        var threads = new List<int>();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => thread.RunAsync(() => threads.Add(Environment.CurrentManagedThreadId), Test)));

        Assert.Equal(5, threads.Count);
        Assert.Single(threads.Distinct());
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads);
    }

    [Fact]
    public async Task An_error_is_the_work_s_own_and_the_next_is_done()
    {
        using var thread = new WorkThread("work");
        var isDone = false;

        await Assert.ThrowsAsync<IOException>(() => thread.RunAsync(() => throw new IOException("no disk"), Test));
        await thread.RunAsync(() => isDone = true, Test);

        Assert.True(isDone);
    }

    [Fact]
    public async Task What_is_cancelled_before_its_turn_is_not_begun()
    {
        using var thread = new WorkThread("work");
        using var stop = new CancellationTokenSource();
        using var gate = new ManualResetEventSlim();
        var isBegun = false;
        var first = thread.RunAsync(() => gate.Wait(Test), Test);
        var second = thread.RunAsync(() => isBegun = true, stop.Token);

        await stop.CancelAsync();
        gate.Set();
        await first;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await thread.RunAsync(() => { }, Test);
        Assert.False(isBegun);
    }

    [Fact]
    public void Nothing_is_begun_and_waited_for_where_there_was_no_work() => new WorkThread("work").Dispose();
}
