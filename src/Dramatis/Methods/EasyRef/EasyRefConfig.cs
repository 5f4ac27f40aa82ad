using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Methods.EasyRef;

/// <summary>Which of each other the reference tokens see in the final layer.</summary>
internal enum FinalAttention
{
    /// <summary>Those before them: what the published checkpoints were trained with, whatever their code says.</summary>
    Causal,

    /// <summary>All of them, as the authors meant it.</summary>
    Bidirectional,
}

/// <summary>Whose denoiser paints.</summary>
internal enum BaseWeights
{
    /// <summary>The copy that the checkpoint has, as in the reference.</summary>
    Checkpoint,

    /// <summary>The base model's own: for fine-tuned ones.</summary>
    Base,
}

/// <summary>What a checkpoint was trained for, and its weights do not say.</summary>
internal sealed record EasyRefConfig
{
    /// <summary>The request's <c>instruction</c>, where it says nothing; the prompt follows at once.</summary>
    public const string Instruction =
        "Visualize a scene that closely resembles the provided images, capturing the essence and details described in this prompt:\n";

    /// <summary>As the released checkpoint wants it.</summary>
    public static EasyRefConfig Released { get; } = new();

    /// <summary>About the pixels a side that pictures are brought to.</summary>
    public int Side { get; init; } = 336;

    /// <summary>Pictures of a group, at most: as many as a training sample had.</summary>
    public int MostPictures { get; init; } = 28;

    public FinalAttention Attention { get; init; }

    public BaseWeights UNet { get; init; }

    /// <exception cref="InvalidConfigException">A field is malformed, or the settings are another method's.</exception>
    public static EasyRefConfig Read(ConfigReader config)
    {
        config.Require("method", EasyRefMethod.Name);
        return new()
        {
            Side = config.Whole("cond_image_size", Released.Side, least: 2 * 28),
            MostPictures = config.Whole("max_images", Released.MostPictures),
            Attention = config.Choice("final_attention", Released.Attention),
            UNet = config.Choice("unet", Released.UNet),
        };
    }

    /// <summary>The text of a <c>config.json</c>.</summary>
    public string ToJson() => ConfigWriter.Write(
        ("method", EasyRefMethod.Name),
        ("cond_image_size", Side),
        ("max_images", MostPictures),
        ("final_attention", Attention.ToString().ToLowerInvariant()),
        ("unet", UNet.ToString().ToLowerInvariant()));
}
