using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Tokenizers;
using static TorchSharp.torch.nn;

namespace Dramatis.Weights;

/// <summary>The networks that a <see cref="WeightPatch"/> may change, and the tokenizers that may learn words.</summary>
public interface IPatchable
{
    UNet UNet { get; }

    ClipTextEncoder TextEncoder { get; }

    /// <summary>Null for models with one text encoder.</summary>
    ClipTextEncoder? SecondTextEncoder { get; }

    ClipTokenizer Tokenizer { get; }

    ClipTokenizer? SecondTokenizer { get; }

    /// <summary>Exchanges the tokenizers for ones that know other words besides.</summary>
    void Use(ClipTokenizer tokenizer, ClipTokenizer? second);
}

/// <summary>The networks by the names that a model's folder has for them.</summary>
internal static class PatchableNetworks
{
    public const string TokenTable = "text_model.embeddings.token_embedding.weight";

    public static IReadOnlyList<string> Parts { get; } = ["unet", "text_encoder", "text_encoder_2"];

    /// <summary>One of <see cref="Parts"/>, or null when the model does not have it.</summary>
    public static Module? NetworkOf(this IPatchable model, string part) => part switch
    {
        "unet" => model.UNet,
        "text_encoder" => model.TextEncoder,
        "text_encoder_2" => model.SecondTextEncoder,
        _ => null,
    };
}
