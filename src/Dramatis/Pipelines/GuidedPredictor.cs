using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>What the sampling loop asks at each step: the UNet, with what controls it, guided.</summary>
/// <remarks>Shapes: B pictures, C latent channels, h x w cells, R rows: 2 B, negative ones first, or B without guidance.</remarks>
internal sealed class GuidedPredictor(UNet unet, Compute compute, LatentRun run, EncodedText encoded, bool isGuided, CancellationToken stop) : IDisposable
{
    private readonly TextKeys keys = new();
    private readonly AddedConditions? added = encoded.Pooled is null ? null : new(encoded.Pooled, Frames(run, encoded.RowCount, compute.Device));
    private readonly Tensor? beside = run.Source?.Beside(encoded.RowCount)?.To(compute);

    /// <summary>See <see cref="Predictor"/>. Only what is between the UNet's input and its output is in the model's type.</summary>
    public Tensor Predict(Tensor input, double timestep, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var rows = (isGuided ? cat([input, input]) : input).To(compute);                             // (R, C, h, w)
        var timesteps = full(rows.shape[0], timestep, device: rows.device);
        var context = new StepContext(step, run.Session.TextAt(step, encoded.Text), run.Session) { Added = added, TextKeys = keys, Stop = stop };
        context = context with { Control = ControlAt(rows, timesteps, context) };
        var output = unet.forward(beside is null ? rows : cat([rows, beside], dim: 1), timesteps, context).to(input.dtype);
        return (!isGuided ? output
            : run.GuidanceWindow.Contains(step) ? Guidance.Guide(output, run.Guidance, run.GuidanceRescale)
            : output.chunk(2)[1]).MoveToOuterDisposeScope();
    }

    public void Dispose() => keys.Dispose();

    private ControlResiduals? ControlAt(Tensor rows, Tensor timesteps, StepContext context)
    {
        var all = run.Controls.Select(control => control.At(rows, timesteps, context, isGuided)).OfType<ControlResiduals>().ToArray();
        return all.Length == 0 ? null : all.Aggregate(Networks.ControlNet.ControlNet.Sum);
    }

    // (R, 6)
    private static Tensor Frames(LatentRun run, int count, Device device)
    {
        var rows = run.Frames ?? [.. Enumerable.Repeat(new PictureFrame(run.Size), count)];
        return tensor(rows.SelectMany(row => Numbers(row, run.Size)).ToArray(), device: device).view(-1, AddedConditionsConfig.Numbers);
    }

    private static float[] Numbers(PictureFrame frame, PixelSize size)
    {
        var target = frame.Target ?? size;
        return [frame.Original.Height, frame.Original.Width, frame.Crop.Top, frame.Crop.Left, target.Height, target.Width];
    }
}
