using System.Text.Json;
using Dramatis.Benches.Speed;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Benches.Speed;

public sealed class SpeedBenchTests
{
    private static readonly SpeedFamily Tiny = new(
        "tiny",
        new(64, 64),
        new UNetConfig
        {
            BlockWidths = [32, 64],
            Attention = [true, false],
            Heads = [2, 2],
            TransformerLayers = [1, 1],
            TextWidth = 12,
            Added = new(PooledWidth: 6, NumberWidth: 4),
        },
        new VaeConfig { BlockWidths = [32, 32, 32, 32] });

    [Fact]
    public void A_run_measures_both_calls_and_says_where_their_time_went()
    {
        var result = SpeedBench.Run(Tiny, Tiny.Size, steps: 2, cancellationToken: TestContext.Current.CancellationToken);

        using var json = JsonDocument.Parse(SpeedReport.Json(result));
        Assert.All(new[] { result.Step, result.Decode }, call =>
        {
            var kernels = call.Kernels!.Value;
            Assert.InRange(call.ShareOfMatmul, 1e-6, 1e3);
            Assert.True(kernels.Convolution > 0 && kernels.Linear > 0 && kernels.Attention > 0 && kernels.Norms > 0 && kernels.Rest > 0);
        });
        Assert.True(result.LoadMemory > result.Weights);
        Assert.Equal(result.PeakMemory, new[] { result.LoadMemory, result.Step.PeakMemory, result.Decode.PeakMemory }.Max());
        Assert.Equal(Tiny.StepWork(Tiny.Size).Total / 1e9, json.RootElement.GetProperty("step").GetProperty("gflop").GetDouble());
        Assert.Contains("of a large matrix product", SpeedReport.Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Operations_are_timed_by_name_and_only_while_asked_for()
    {
        using var scope = NewDisposeScope();
        var timer = new OperationTimer();
        var x = randn(4, 4);

        timer.Time(() => x.matmul(x).sin());
        x.exp();

        Assert.True(OperationTimer.IsSupported);
        Assert.Equal(["aten::matmul", "aten::sin"], timer.Seconds.Keys.Order());
    }

    [Fact]
    public void A_run_that_is_stopped_leaves_nothing_alive()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Assert.Throws<OperationCanceledException>(
            () => SpeedBench.Run(Tiny, Tiny.Size, steps: 1, cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        SpeedBench.Run(Tiny, Tiny.Size, steps: 1, cancellationToken: TestContext.Current.CancellationToken);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        SpeedBench.Run(Tiny, Tiny.Size, steps: 1, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
