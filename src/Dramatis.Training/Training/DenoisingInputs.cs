using Dramatis.Conditioning;
using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>What a denoiser is told of a batch besides what a method adds.</summary>
/// <remarks>Shapes: B samples, C x h x w latents, L text tokens, E text width.</remarks>
internal sealed record DenoisingInputs
{
    /// <summary>Clean latents as the denoiser sees them (B, C, h, w).</summary>
    public required Tensor Latents { get; init; }

    /// <summary>Unit Gaussian noise (B, C, h, w).</summary>
    public required Tensor Noise { get; init; }

    /// <summary>Noise levels (B), whole numbers from 0.</summary>
    public required Tensor Timesteps { get; init; }

    /// <summary>(B, L, E)</summary>
    public required Tensor Text { get; init; }

    /// <summary>SDXL's; null for others.</summary>
    public AddedConditions? Added { get; init; }

    /// <summary>What each cell counts (B, 1, h, w), with a mean of 1 in each sample; null counts all alike.</summary>
    public Tensor? Weights { get; init; }

    /// <summary>A batch of single samples, in the caller's scope.</summary>
    public static DenoisingInputs Of(IReadOnlyList<DenoisingItem> items)
    {
        return new()
        {
            Latents = Stack(item => item.Latents),
            Noise = Stack(item => item.Noise),
            Timesteps = tensor(items.Select(item => item.Timestep).ToArray()),
            Text = Stack(item => item.Text),
            Added = items[0].Pooled is null ? null : new(Stack(item => item.Pooled!), Stack(item => item.Frame)),
        };

        Tensor Stack(Func<DenoisingItem, Tensor> of) => stack([.. items.Select(of)]);
    }

    /// <summary>Hands the tensors from the scope at hand to the one around it.</summary>
    public DenoisingInputs MoveToOuterDisposeScope()
    {
        Tensor?[] all = [Latents, Noise, Timesteps, Text, Added?.Pooled, Added?.Numbers, Weights];
        foreach (var tensor in all.OfType<Tensor>())
        {
            tensor.MoveToOuterDisposeScope();
        }

        return this;
    }
}

/// <summary>One sample of a batch: as <see cref="DenoisingInputs"/>, without the first side.</summary>
internal sealed record DenoisingItem(Tensor Latents, Tensor Noise, long Timestep, Tensor Text, Tensor? Pooled, Tensor Frame);
