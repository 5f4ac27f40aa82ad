using System.Runtime.CompilerServices;
using Dramatis.Tensors;
using Dramatis.TestKit;
using static TorchSharp.torch;

namespace Dramatis.Tests.Tensors;

/// <summary>Each in a process of its own: in one of tests finalizers never run (<see cref="TestProcess"/>).</summary>
public sealed class FinalizerHoldTests
{
    private const int Threads = 3;
    private const int Sums = 20_000;
    private const int MillisecondsBetween = 1;
    private const int Left = 40;
    private const int MillisecondsEach = 50;

    [Theory]
    [InlineData(nameof(Finalizers_wait_until_the_last_holder_is_gone))]
    [InlineData(nameof(Threads_compute_while_garbage_is_collected))]
    [InlineData(nameof(Finalizers_that_wait_already_are_waited_for))]
    public async Task It_holds(string promise) =>
        await OwnProcess.RunAsync(nameof(A_process_that_keeps_a_promise), new Dictionary<string, string> { [TestProcess.FinalizersVariable] = promise });

    [Fact(Explicit = true)]
    public async Task A_process_that_keeps_a_promise()
    {
        switch (Environment.GetEnvironmentVariable(TestProcess.FinalizersVariable))
        {
            case nameof(Finalizers_wait_until_the_last_holder_is_gone):
                Finalizers_wait_until_the_last_holder_is_gone();
                break;
            case nameof(Threads_compute_while_garbage_is_collected):
                await Threads_compute_while_garbage_is_collected();
                break;
            default:
                Finalizers_that_wait_already_are_waited_for();
                break;
        }
    }

    private static void Finalizers_wait_until_the_last_holder_is_gone()
    {
        using var finalized = new ManualResetEventSlim();
        var first = FinalizerHold.Take();
        var second = FinalizerHold.Take();
        Drop(finalized);

        GC.Collect();
        Assert.False(finalized.Wait(100, TestContext.Current.CancellationToken));
        first.Dispose();
        Assert.False(finalized.Wait(100, TestContext.Current.CancellationToken));
        second.Dispose();
        Assert.True(finalized.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    // Without the hold this fails within a second or two: libtorch is given numbers that were freed.
    private static async Task Threads_compute_while_garbage_is_collected()
    {
        using var stop = new CancellationTokenSource();
        var collector = Task.Run(() => CollectUntil(stop.Token), TestContext.Current.CancellationToken);
        using (FinalizerHold.Take())
        {
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(Compute)));
        }

        await stop.CancelAsync();
        await collector;
    }

    // As after a long run of work that left much behind: two seconds of it.
    private static void Finalizers_that_wait_already_are_waited_for()
    {
        DropSlow();
        GC.Collect();

        using var held = FinalizerHold.Take();

        Assert.True(FinalizerHold.IsEffective);
    }

    private static void CollectUntil(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            GC.Collect(0);
            Thread.Sleep(MillisecondsBetween);      // each looks through all that waits
        }
    }

    private static void Compute()
    {
        using var one = ones(4, 4);
        for (var i = 0; i < Sums; i++)
        {
            using var two = one + one;
            using var four = two * 2;
            Assert.Equal(4, four[0, 0].item<float>());
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(ManualResetEventSlim finalized) => _ = new Garbage(finalized);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DropSlow()
    {
        for (var i = 0; i < Left; i++)
        {
            _ = new SlowGarbage();
        }
    }

    private sealed class SlowGarbage
    {
        ~SlowGarbage() => Thread.Sleep(MillisecondsEach);
    }

    private sealed class Garbage(ManualResetEventSlim finalized)
    {
        ~Garbage() => finalized.Set();
    }
}
