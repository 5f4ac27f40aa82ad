using Dramatis.Methods.EasyRef;
using Dramatis.Networks.UNet;
using Dramatis.Tests.Networks.Qwen2Vl;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.EasyRef;

/// <summary>EasyRef of random weights in a folder: a checkpoint in the layout of the official training, and a language model.</summary>
internal static class TinyEasyRef
{
    public const int Tokens = 5;
    private const int Rank = 2;

    /// <summary>What a checkpoint of the first stage holds, without the denoiser's own copy.</summary>
    /// <remarks>The caller's scope owns it.</remarks>
    public static Dictionary<string, Tensor> Checkpoint(UNet unet)
    {
        using var network = new EasyRefNetwork(new(TinyQwen.Config, Tokens, unet.Config.TextWidth), unet.Sites);
        var paths = EasyRefNames.Layers(unet.Sites).ToDictionary(layer => layer.Number, layer => layer.Path);
        return network.state_dict().ToDictionary(item => Official(item.Key, paths), item => item.Value.clone());
    }

    /// <summary>Low-rank changes of all attention layers, as later stages have them.</summary>
    public static Dictionary<string, Tensor> LowRank(UNet unet)
    {
        var weights = unet.state_dict();
        var changes = new Dictionary<string, Tensor>();
        foreach (var (path, _) in EasyRefNames.Layers(unet.Sites))
        {
            foreach (var (layer, weight) in new[] { ("q", "to_q"), ("k", "to_k"), ("v", "to_v"), ("out", "to_out.0") })
            {
                var shape = weights[$"{path}.{weight}.weight"].shape;
                changes.Add($"unet.{path}.processor.to_{layer}_lora.down.weight", randn(Rank, shape[1]) * .1);
                changes.Add($"unet.{path}.processor.to_{layer}_lora.up.weight", randn(shape[0], Rank) * .1);
            }
        }

        return changes;
    }

    /// <summary>Writes it where a model folder has it.</summary>
    public static void Write(string folder, Dictionary<string, Tensor> checkpoint, string? settings = """{"method": "easyref", "cond_image_size": 56}""")
    {
        Directory.CreateDirectory(folder);
        TinyQwen.Write(Path.Combine(folder, "multimodal_llm"));
        Dramatis.Weights.Checkpoint.Save(checkpoint, Path.Combine(folder, "model.safetensors"));
        if (settings is not null)
        {
            File.WriteAllText(Path.Combine(folder, "config.json"), settings);
        }
    }

    private static string Official(string name, Dictionary<string, string> paths) =>
        name.Split('.', 3) is ["adapter_modules", var number, var rest] ? $"unet.{paths[number]}.processor.{rest}" : name;
}
