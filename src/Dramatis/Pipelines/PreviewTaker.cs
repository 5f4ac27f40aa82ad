using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>Takes previews from what the denoiser guesses: the first guess of a step, and not of each step.</summary>
internal sealed class PreviewTaker(PaintWatch watch, LatentColours colours)
{
    private int last = -1;

    public void Take(StepInfo step, Tensor clean)
    {
        if (step.Index != last && (step.Index + 1) % Math.Max(1, watch.PreviewEvery) == 0)
        {
            last = step.Index;
            watch.Preview!(step.Index + 1, colours.Show(clean));
        }
    }
}
