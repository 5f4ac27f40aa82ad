using Dramatis.Conditioning;
using Dramatis.Networks.ControlNet;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>A ControlNet at work in one run.</summary>
/// <remarks>Shapes: R rows, negative ones first, C latent channels, h x w cells, H x W pixels.</remarks>
/// <param name="Condition">Colours from 0 to 1 (1, 3, H, W).</param>
internal sealed record ControlRun(ControlNet Network, Tensor Condition, Control Settings)
{
    private readonly StepWindow window = new(Settings.Start, Settings.End);

    /// <summary>The condition (1, 3, H, W) of an opaque picture of the size to be painted.</summary>
    /// <param name="compute">The network's; null is single precision on the processor.</param>
    public static Tensor ConditionOf(Picture picture, Compute? compute = null)
    {
        using var scope = NewDisposeScope();
        var pixels = PicturePixels.FromRgb([picture.ToRgb()], picture.Size, compute?.Device);
        return ((pixels + 1) / 2).to(compute?.Type ?? ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>What it adds to the UNet at a step; null for nothing.</summary>
    /// <param name="latents">As the UNet gets them (R, C, h, w).</param>
    /// <param name="context">The UNet's.</param>
    public ControlResiduals? At(Tensor latents, Tensor timesteps, StepContext context, bool isGuided)
    {
        if (Settings.Scale == 0 || !window.Contains(context.Step))
        {
            return null;
        }

        var session = context.Session;
        var own = context with
        {
            Session = ConditioningSession.None,
            Text = Settings.SeesSubjects ? session.WithTokensAt(context.Step, context.Text) : context.Text,
        };
        var residuals = Settings.Guess && isGuided
            ? ControlNet.WithZeroRows(Network.forward(Half(latents), Half(timesteps), Condition, Half(own)))
            : Network.forward(latents, timesteps, Condition, own);
        return ControlNet.Scaled(residuals, Settings.Scale, Settings.Guess);
    }

    // The positive rows.
    private static Tensor Half(Tensor rows) => rows.chunk(2)[1];

    // Its text is another tensor at each step, so keys and values are not worth keeping.
    private static StepContext Half(StepContext context) => context with
    {
        Text = Half(context.Text),
        Added = context.Added is { } added ? new(Half(added.Pooled), Half(added.Numbers)) : null,
        TextKeys = null,
    };
}
