using Dramatis.Checkpoints;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.Lora;

/// <summary>How a LoRA file names its tensors.</summary>
public enum LoraLayout
{
    /// <summary><c>unet.….to_k.lora.down.weight</c>; α in the header.</summary>
    Diffusers,

    /// <summary><c>unet.….to_k.lora_A.weight</c>; α in the header.</summary>
    Peft,

    /// <summary><c>lora_unet_…_to_k.lora_down.weight</c>; α beside each layer.</summary>
    Kohya,
}

/// <summary>Writes LoRA files.</summary>
internal static class LoraWriter
{
    /// <summary>What diffusers calls the file.</summary>
    public const string FileName = "pytorch_lora_weights.safetensors";

    private static readonly string[] TextAttention = [".q_proj", ".k_proj", ".v_proj", ".out_proj"];

    /// <exception cref="Errors.OutputNotWrittenException">The file cannot be written; an older one stays.</exception>
    public static void Write(string path, IReadOnlyList<LowRankChange> changes, LoraLayout layout = LoraLayout.Diffusers, TensorType? type = null)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        var hasTwoEncoders = changes.Any(change => change.Network == ModelNetwork.SecondTextEncoder);
        foreach (var change in changes)
        {
            var layer = LayerOf(change);
            var kohya = LoraNames.Kohya(change.Network, layer, hasTwoEncoders);
            var (down, up) = layout switch
            {
                LoraLayout.Kohya => ($"{kohya}.lora_down", $"{kohya}.lora_up"),
                LoraLayout.Peft => Peft(change.Network, layer),
                LoraLayout.Diffusers => Diffusers(change.Network, layer),
                _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "has no names."),
            };
            tensors.Add($"{down}.weight", change.Down);
            tensors.Add($"{up}.weight", change.Up);
            if (layout == LoraLayout.Kohya)
            {
                tensors.Add($"{kohya}.alpha", tensor((float)(change.Factor * change.Down.shape[0]), device: CPU));
            }
        }

        Checkpoint.Save(tensors, path, type, Header(changes, layout));
    }

    private static Dictionary<string, string> Header(IReadOnlyList<LowRankChange> changes, LoraLayout layout)
    {
        var header = Checkpoint.TorchHeader();
        if (layout != LoraLayout.Kohya && changes.Any(change => change.Factor != 1))
        {
            header[LoraHeader.Field] = LoraHeader.Write(
                changes.Select(change => (change.Network, LayerOf(change), (int)change.Down.shape[0], change.Factor)));
        }

        return header;
    }

    private static string LayerOf(LowRankChange change) => change.Weight[..^".weight".Length];

    private static (string Down, string Up) Peft(ModelNetwork network, string layer) =>
        ($"{network.Name()}.{layer}.lora_A", $"{network.Name()}.{layer}.lora_B");

    // Of a text encoder, diffusers renames the attention only.
    private static (string Down, string Up) Diffusers(ModelNetwork network, string layer) =>
        network == ModelNetwork.UNet ? ($"{network.Name()}.{layer}.lora.down", $"{network.Name()}.{layer}.lora.up")
        : TextAttention.Any(ending => layer.EndsWith(ending, StringComparison.Ordinal))
            ? ($"{network.Name()}.{layer}.lora_linear_layer.down", $"{network.Name()}.{layer}.lora_linear_layer.up")
            : Peft(network, layer);
}
