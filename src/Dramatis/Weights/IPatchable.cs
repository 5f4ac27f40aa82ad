using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Tokenizers;
using static TorchSharp.torch.nn;

namespace Dramatis.Weights;

/// <summary>The networks that a <see cref="WeightPatch"/> may change, and the tokenizers that may learn words.</summary>
internal interface IPatchable
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

/// <summary>Which networks those are.</summary>
internal static class PatchableNetworks
{
    public static IReadOnlyList<ModelNetwork> All { get; } = [ModelNetwork.UNet, .. ModelNetworks.TextEncoders];

    /// <summary>One of <see cref="All"/>, or null when the model does not have it.</summary>
    public static Module? NetworkOf(this IPatchable model, ModelNetwork network) => network switch
    {
        ModelNetwork.UNet => model.UNet,
        ModelNetwork.TextEncoder => model.TextEncoder,
        ModelNetwork.SecondTextEncoder => model.SecondTextEncoder,
        _ => throw new ArgumentOutOfRangeException(nameof(network), network, "is not changed by patches"),
    };
}
