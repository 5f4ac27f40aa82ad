using System.Text.Json;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Qwen2Vl;

/// <summary>A Qwen2-VL of random weights, and its folder.</summary>
internal static class TinyQwen
{
    private static readonly string[] Special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>"];

    public static Qwen2VlConfig Config { get; } = new()
    {
        Vision = new() { Width = 16, Layers = 2, Heads = 2, InnerWidth = 32, OutputWidth = 24 },
        Width = 24,
        Layers = 3,
        Heads = 4,
        KeyHeads = 2,
        InnerWidth = 40,
        Vocabulary = 270,
        MostPositions = 1000,
        RotarySections = [1, 1, 1],
    };

    /// <summary>A folder in the layout of transformers before 4.52.</summary>
    /// <param name="rename">To the names of the weights' file.</param>
    public static Dictionary<string, Tensor> Write(string folder, Qwen2VlConfig? config = null, Func<string, string>? rename = null)
    {
        Directory.CreateDirectory(folder);
        config ??= Config;
        File.WriteAllText(Path.Combine(folder, "config.json"), Settings(config));
        WriteTokenizer(folder);
        using var network = new Qwen2VlModel(config);
        var weights = network.state_dict().ToDictionary(item => rename?.Invoke(item.Key) ?? item.Key, item => item.Value.clone());
        Checkpoint.Save(weights, Path.Combine(folder, "model.safetensors"));
        return weights;
    }

    public static string Settings(Qwen2VlConfig config) => $$"""
        {"model_type": "qwen2_vl", "hidden_size": {{config.Width}}, "num_hidden_layers": {{config.Layers}}, "num_attention_heads": {{config.Heads}},
         "num_key_value_heads": {{config.KeyHeads}}, "intermediate_size": {{config.InnerWidth}}, "vocab_size": {{config.Vocabulary}},
         "max_position_embeddings": {{config.MostPositions}}, "rope_scaling": {"type": "mrope", "mrope_section": [{{string.Join(", ", config.RotarySections)}}]},
         "vision_config": {"depth": {{config.Vision.Layers}}, "embed_dim": {{config.Vision.Width}}, "hidden_size": {{config.Vision.OutputWidth}},
         "mlp_ratio": {{config.Vision.InnerWidth / config.Vision.Width}}, "num_heads": {{config.Vision.Heads}} } }
        """;

    private static void WriteTokenizer(string folder)
    {
        var vocabulary = BpeVocabulary.ByteLevel([]);
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(vocabulary.Ids));
        File.WriteAllText(Path.Combine(folder, "merges.txt"), "#version: 0.2\n");
        File.WriteAllText(
            Path.Combine(folder, "added_tokens.json"),
            JsonSerializer.Serialize(Special.Index().ToDictionary(token => token.Item, token => vocabulary.Ids.Count + token.Index)));
    }
}
