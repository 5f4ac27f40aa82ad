using Dramatis.Networks.Vae;
using Dramatis.Toybox;

namespace Dramatis.Training.Toybox;

/// <summary>How the picture autoencoder is trained.</summary>
internal sealed record VaeRecipe
{
    /// <summary>The network, when the training starts afresh or grows a smaller one.</summary>
    public VaeConfig Network { get; init; } = ToyboxSizes.Vae;

    /// <summary>What is learned from, whatever the subjects.</summary>
    public SceneOptions Scenes { get; init; } = new();

    /// <summary>Pixels of the squares that are cut out of scenes at first, as many for a picture as make up its area; null for whole scenes.</summary>
    public int? Crop { get; init; }

    /// <summary>From how far into the training scenes are shown whole.</summary>
    public double WholeFrom { get; init; } = .75;

    /// <summary>Noise on the latents, as a fraction of their deviation.</summary>
    public double NoiseShare { get; init; } = .05;

    public double PixelWeight { get; init; } = 1;

    /// <summary>Of the difference to the neighbours.</summary>
    public double EdgeWeight { get; init; } = .5;

    /// <summary>Of colours averaged over the pixels of a latent cell: without it rare colours fade, for the median of what is seen is another one.</summary>
    public double ColourWeight { get; init; } = 1;

    /// <summary>Of each picture's root of the mean square, which decibels count.</summary>
    public double SquareWeight { get; init; }

    /// <summary>Whether convolutions compute in bfloat16: faster where the processor has matrix units.</summary>
    public bool NarrowConvolutions { get; init; }

    /// <summary>Whether the encoder stays as it is, so that what was learned on its latents goes on to mean the same.</summary>
    public bool KeepsLatents { get; init; }

    /// <summary>Scenes that evaluations judge.</summary>
    public int Judged { get; init; } = 64;

    /// <summary>Grounds of each kind that only those scenes have; 0 when they stand on those of the training.</summary>
    public int JudgedGrounds { get; init; }

    public int Side => Scenes.Side;

    /// <summary>For 256 x 256: the inner levels, which cost little, twice as wide; small squares first; decibels in the loss.</summary>
    public static VaeRecipe Large { get; } = new()
    {
        Network = ToyboxSizes.Vae with { BlockWidths = [16, 32, 128, 192] },
        Scenes = SceneOptions.Lit,
        Crop = 128,
        NoiseShare = .02,
        SquareWeight = 1,
        ColourWeight = .5,
        NarrowConvolutions = true,
        Judged = 32,
        JudgedGrounds = 4,
    };
}
