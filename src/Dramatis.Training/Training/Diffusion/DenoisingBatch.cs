using Dramatis.Conditioning;
using static TorchSharp.torch;

namespace Dramatis.Training.Diffusion;

/// <summary>What a denoiser is trained on in one step, besides what a method adds.</summary>
/// <remarks>
/// Shapes: B rows, of which the first S show what is learned and the rest others of its kind; C latent channels, h x w cells, L text tokens,
/// E text width. Its tensors belong to it: give it none that is needed elsewhere.
/// </remarks>
internal sealed class DenoisingBatch : OwnedTensors
{
    private int? subjects;

    /// <summary>Clean latents x_0 (B, C, h, w), as the denoiser sees them.</summary>
    public required Tensor Latents { get; init => field = Own(value); }

    /// <summary>Unit Gaussian noise ε (B, C, h, w).</summary>
    public required Tensor Noise { get; init => field = Own(value); }

    /// <summary>Noise levels t (B), whole numbers from 0.</summary>
    public required Tensor Timesteps { get; init => field = Own(value); }

    /// <summary>Encoded text (B, L, E); null where the text is encoded anew at each step.</summary>
    public Tensor? Text { get; init => field = Own(value); }

    /// <summary>What SDXL is told beside an encoded text; null for others.</summary>
    public AddedConditions? Added
    {
        get;
        init => field = value is null ? null : new(Own(value.Pooled), Own(value.Numbers));
    }

    /// <summary>Token ids (B, L); null where the text is encoded already.</summary>
    public Tensor? Ids { get; init => field = Own(value); }

    /// <summary>Token ids of a second text encoder (B, L), for models that have one.</summary>
    public Tensor? SecondIds { get; init => field = Own(value); }

    /// <summary>
    /// The words alone of what each of the first rows shows (S), as token ids without padding; null where nothing is imagined of them.
    /// </summary>
    public IReadOnlyList<int[]>? Phrases { get; init; }

    /// <summary>The box that each of these stands in (S, 4), in fractions of the picture; null without <see cref="Phrases"/>.</summary>
    public Tensor? Places { get; init => field = Own(value); }

    /// <summary>S; all rows when not given.</summary>
    public int Subjects { get => subjects ?? (int)Latents.shape[0]; init => subjects = value; }

    /// <summary>What each cell counts in the mean over all (B, 1, h, w); null counts all alike.</summary>
    public Tensor? Weights { get; init => field = Own(value); }

    /// <summary>Which cells of the first rows count at all (S, 1, h, w), 0 to 1: each row's mean is over those; null counts all.</summary>
    public Tensor? Masks { get; init => field = Own(value); }

    /// <summary>A batch of single samples.</summary>
    public static DenoisingBatch Of(IReadOnlyList<DenoisingItem> items)
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
}

/// <summary>One sample of a batch: as <see cref="DenoisingBatch"/>, without the first side.</summary>
internal sealed record DenoisingItem(Tensor Latents, Tensor Noise, long Timestep, Tensor Text, Tensor? Pooled, Tensor Frame);
