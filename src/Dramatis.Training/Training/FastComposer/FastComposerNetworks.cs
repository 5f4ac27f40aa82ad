using System.Globalization;
using Dramatis.Errors;
using Dramatis.Methods.FastComposer;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.FastComposer;

/// <summary>The networks of a training by the names of the released checkpoint; those of their weights that are trained want gradients.</summary>
/// <remarks>Shapes: B texts, L tokens, D text width, E image width.</remarks>
internal sealed class FastComposerNetworks : Module
{
    private const int TunedLayers = 2;

    private readonly ClipTextEncoder text;

    /// <param name="networks">Borrowed.</param>
    /// <param name="layers">Ends of the paths of the denoiser's layers that are trained; null: all of it.</param>
    /// <exception cref="InvalidRequestException">The denoiser has no such layer.</exception>
    public FastComposerNetworks((UNet UNet, ClipTextEncoder Text, PostfuseNetwork Postfuse, ClipVisionEncoder Vision) networks,
        IReadOnlyList<string>? layers = null)
        : base(nameof(FastComposerNetworks))
    {
        (UNet, text, Postfuse, Vision) = networks;
        register_module("unet", UNet);
        register_module("postfuse_module", Postfuse);
        register_module("image_encoder", Vision);
        if (layers?.FirstOrDefault(layer => !UNet.named_parameters().Any(item => IsOf(item.name, layer))) is { } unknown)
        {
            throw new InvalidRequestException("layers", $"no layer of the denoiser ends in {unknown}; attn2.to_k is an example.");
        }

        var first = Vision.Config.Tower.Layers - TunedLayers;
        string[] tuned =
        [
            .. UNet.named_parameters().Where(item => layers is null || layers.Any(layer => IsOf(item.name, layer))).Select(item => $"unet.{item.name}"),
            .. Postfuse.named_parameters().Select(item => $"postfuse_module.{item.name}"),
            .. Vision.named_parameters().Where(item => LayerOf(item.name) >= first).Select(item => $"image_encoder.{item.name}"),
        ];
        Tuned = tuned.ToHashSet(StringComparer.Ordinal);
        foreach (var (name, weight) in named_parameters())
        {
            weight.requires_grad = Tuned.Contains(name);
        }
    }

    public UNet UNet { get; }

    public PostfuseNetwork Postfuse { get; }

    public ClipVisionEncoder Vision { get; }

    /// <summary>The names of what is trained.</summary>
    public IReadOnlySet<string> Tuned { get; }

    /// <summary>Texts whose words show their subjects (B, L, D). The text encoder learns nothing.</summary>
    public Tensor Condition(FastComposerBatch batch)
    {
        using var scope = NewDisposeScope();
        var plain = Plain(batch.Ids);
        if (batch.Counts.Sum() == 0)
        {
            return plain.MoveToOuterDisposeScope();
        }

        var images = Vision.forward(batch.Shown(Vision.Config.Side)).Embedding;                            // (M, E)
        return Postfuse.Fuse(plain, images, batch.Words).MoveToOuterDisposeScope();
    }

    private Tensor Plain(Tensor ids)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return text.forward(ids).LastHiddenState.MoveToOuterDisposeScope();
    }

    private static bool IsOf(string weight, string layer) => $".{weight[..weight.LastIndexOf('.')]}".EndsWith($".{layer}", StringComparison.Ordinal);

    private static int LayerOf(string weight)
    {
        var parts = weight.Split('.');
        return Array.IndexOf(parts, "layers") is >= 0 and var at ? int.Parse(parts[at + 1], CultureInfo.InvariantCulture) : -1;
    }
}
