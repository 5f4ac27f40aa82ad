using System.Diagnostics;

namespace Dramatis.Weights;

/// <summary>The networks of a base model.</summary>
internal enum ModelNetwork
{
    /// <summary>The denoiser.</summary>
    UNet,

    /// <summary>The autoencoder between pictures and latents.</summary>
    Vae,

    TextEncoder,

    /// <summary>SDXL's.</summary>
    SecondTextEncoder,

    /// <summary>What reads references, for methods that do.</summary>
    ImageEncoder,

    /// <summary>What reads references together with the prompt, for methods that do.</summary>
    LanguageModel,

    /// <summary>What imagines references from words, for methods that can do with that.</summary>
    Prior,
}

/// <summary>What files and folders call the networks.</summary>
internal static class ModelNetworks
{
    /// <summary>Those that may bring a tokenizer.</summary>
    internal static IReadOnlyList<ModelNetwork> TextEncoders { get; } = [ModelNetwork.TextEncoder, ModelNetwork.SecondTextEncoder];

    /// <summary>The folder that it lies in, and what stands before its weights' names where a file has those of several networks.</summary>
    public static string Name(this ModelNetwork network) => network switch
    {
        ModelNetwork.UNet => "unet",
        ModelNetwork.Vae => "vae",
        ModelNetwork.TextEncoder => "text_encoder",
        ModelNetwork.SecondTextEncoder => "text_encoder_2",
        ModelNetwork.ImageEncoder => "image_encoder",
        ModelNetwork.LanguageModel => "multimodal_llm",
        ModelNetwork.Prior => "prior",
        _ => throw new UnreachableException($"{network} has no name."),
    };

    /// <summary>The folder of the tokenizer that a text encoder reads.</summary>
    internal static string TokenizerName(this ModelNetwork encoder) => encoder switch
    {
        ModelNetwork.TextEncoder => "tokenizer",
        ModelNetwork.SecondTextEncoder => "tokenizer_2",
        _ => throw new UnreachableException($"{encoder} has no tokenizer."),
    };

    /// <summary>What files with rows of both text encoders call those of one.</summary>
    internal static string TowerName(this ModelNetwork encoder) => encoder switch
    {
        ModelNetwork.TextEncoder => "clip_l",
        ModelNetwork.SecondTextEncoder => "clip_g",
        _ => throw new UnreachableException($"{encoder} has no rows for words."),
    };

    /// <summary>The file with its weights: networks of diffusers and of transformers have different ones.</summary>
    internal static string WeightsName(this ModelNetwork network) =>
        network is ModelNetwork.UNet or ModelNetwork.Vae or ModelNetwork.Prior ? "diffusion_pytorch_model.safetensors" : "model.safetensors";
}
