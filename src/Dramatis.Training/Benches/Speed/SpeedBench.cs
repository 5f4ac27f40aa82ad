using System.Diagnostics;
using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Benches.Speed;

/// <summary>How fast networks of full size are, with random weights.</summary>
/// <param name="LoadMemory">The most that the process held until the networks were there, in bytes.</param>
/// <param name="Weights">What the weights alone take, in bytes.</param>
internal sealed record SpeedResult(
    SpeedFamily Family, PixelSize Size, double LoadSeconds, CallSpeed Step, CallSpeed Decode, long LoadMemory, long Weights)
{
    // In bytes.
    private const long Room = 1_500_000_000;

    /// <summary>The most that the process ever held, in bytes.</summary>
    public long PeakMemory => Math.Max(LoadMemory, Math.Max(Step.PeakMemory, Decode.PeakMemory));

    /// <summary>What it should stay below: 1.5 GB besides the weights.</summary>
    public long MemoryLimit => Weights + Room;
}

/// <summary>Measures a guided step and a decode the way a generation runs them.</summary>
internal static class SpeedBench
{
    // A second decode shows what the first one pays for new memory; more show nothing.
    private const int Decodes = 2;

    /// <param name="steps">Times that the step is run; the first of several does not count.</param>
    /// <param name="tiling">Decodes in overlapping tiles.</param>
    /// <exception cref="OperationCanceledException">Stopped between two layers.</exception>
    public static SpeedResult Run(
        SpeedFamily family, PixelSize size, int steps, ModelLoading? loading = null, bool tiling = false, CancellationToken cancellationToken = default)
    {
        loading ??= new();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var watch = Stopwatch.StartNew();
        using var unet = RandomWeights.Build(() => new UNet(family.UNet), loading, cancellationToken);
        using var vae = RandomWeights.Build(() => new AutoencoderKL(family.Vae), loading with { Precision = Precision.Fp32 }, cancellationToken);
        SpareMemory.GiveBack();
        var (load, loadMemory) = (watch.Elapsed.TotalSeconds, PeakMemory.Bytes);

        using var yardstick = new MatmulYardstick(loading.Compute);
        var latents = family.Latents(size);
        var x = randn([SpeedFamily.Rows, family.UNet.InChannels, latents.Height, latents.Width], loading.Compute.Type, loading.Device);
        using var keys = new TextKeys();
        var context = Context(family, loading.Compute) with { TextKeys = keys, Stop = cancellationToken };
        var timesteps = full(SpeedFamily.Rows, 500.0, device: loading.Device);
        var step = CallSpeed.Measure(() => unet.forward(x, timesteps, context), family.StepWork(size), steps, yardstick);

        SpareMemory.GiveBack();
        var clean = randn(1, family.Vae.LatentChannels, latents.Height, latents.Width, device: loading.Device);
        var decode = CallSpeed.Measure(
            () => tiling ? new VaeTiles().Map(clean, 1, Decode) : Decode(clean), family.DecodeWork(size), Math.Min(Decodes, steps), yardstick);
        return new(family, size, load, step, decode, loadMemory, Bytes(unet) + Bytes(vae));

        Tensor Decode(Tensor x) => vae.Decode(x, cancellationToken.ThrowIfCancellationRequested);
    }

    internal static StepContext Context(SpeedFamily family, Compute compute) =>
        new(new(Index: 10, Count: 20, Sigma: 1, Next: 0.9), randn(SpeedFamily.Rows, SpeedFamily.Tokens, family.UNet.TextWidth).To(compute),
            ConditioningSession.None)
        {
            Added = family.UNet.Added is { } added
                ? new(randn(SpeedFamily.Rows, added.PooledWidth).To(compute), randn(SpeedFamily.Rows, AddedConditionsConfig.Numbers, device: compute.Device))
                : null,
        };

    internal static long Bytes(nn.Module network) => network.state_dict().Values.Sum(weight => weight.numel() * weight.element_size());
}
