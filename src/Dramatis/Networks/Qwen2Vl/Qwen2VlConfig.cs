using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>The numbers of a <see cref="Qwen2VlModel"/>, as its <c>config.json</c> gives them.</summary>
internal sealed record Qwen2VlConfig
{
    /// <summary>The fields of published files, those of the language model's part among them.</summary>
    public static KnownFields Known { get; } = TransformersFields.All.With(new()
    {
        Read =
        [
            "hidden_act", "hidden_size", "intermediate_size", "max_position_embeddings", "num_attention_heads", "num_hidden_layers", "num_key_value_heads",
            "rms_norm_eps", "rope_parameters", "rope_scaling", "rope_theta", "text_config", "use_sliding_window", "vision_config", "vocab_size",
        ],

        // Of windows, which are switched off, and of tokens, which the tokenizer's own files say.
        Harmless =
        [
            "layer_types", "max_window_layers", "sliding_window", "image_token_id", "video_token_id", "vision_end_token_id", "vision_start_token_id",
            "vision_token_id",
        ],
    });

    public required VisionTowerConfig Vision { get; init; }

    public required int Width { get; init; }

    public required int Layers { get; init; }

    /// <summary>Heads of queries.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values; each serves as many heads of queries, which follow each other.</summary>
    public required int KeyHeads { get; init; }

    public required int InnerWidth { get; init; }

    /// <summary>Rows of the table of tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Tokens of a sequence, at most.</summary>
    public int MostPositions { get; init; } = 32768;

    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>The base of the angles' wave lengths (θ).</summary>
    public double RotaryBase { get; init; } = 1e6;

    /// <summary>How many angles of a head turn by time, by row and by column.</summary>
    public required IReadOnlyList<int> RotarySections { get; init; }

    public int HeadWidth => Width / Heads;

    /// <summary>The published Qwen2-VL-2B.</summary>
    public static Qwen2VlConfig TwoBillion { get; } = new()
    {
        Vision = new() { Width = 1280, Layers = 32, Heads = 16, InnerWidth = 5120, OutputWidth = 1536 },
        Width = 1536,
        Layers = 28,
        Heads = 12,
        KeyHeads = 2,
        InnerWidth = 8960,
        Vocabulary = 151936,
        RotarySections = [16, 24, 24],
    };

    /// <summary>Reads a <c>config.json</c> of transformers: since 4.52 the language model's numbers lie in a part of their own.</summary>
    /// <exception cref="InvalidConfigException">A number is missing or malformed, or asks for a kind of network that does not exist here.</exception>
    public static Qwen2VlConfig Parse(string json, string path = "config.json")
    {
        var config = ConfigReader.Parse(json, path);
        config.Require("model_type", "qwen2_vl");
        var text = config.Section("text_config") ?? config;
        text.Require("hidden_act", "silu");
        if (text.Bool("use_sliding_window", false))
        {
            throw text.Unsupported("use_sliding_window", "true", "false, as all published models have it");
        }

        var rotary = text.Section("rope_parameters") ?? text.Section("rope_scaling") ?? throw new InvalidConfigException(path, "\"rope_scaling\" is missing.");
        var read = new Qwen2VlConfig
        {
            Vision = VisionTowerConfig.Read(config.Section("vision_config") ?? throw new InvalidConfigException(path, "\"vision_config\" is missing.")),
            Width = text.Whole("hidden_size"),
            Layers = text.Whole("num_hidden_layers"),
            Heads = text.Whole("num_attention_heads"),
            KeyHeads = text.Whole("num_key_value_heads"),
            InnerWidth = text.Whole("intermediate_size"),
            Vocabulary = text.Whole("vocab_size"),
            MostPositions = text.Whole("max_position_embeddings", 32768),
            NormEpsilon = text.Number("rms_norm_eps", 1e-6),
            RotaryBase = text.OptionalNumber("rope_theta") ?? rotary.Number("rope_theta", 1e6),
            RotarySections = rotary.Wholes("mrope_section"),
        };
        read.Check(path);
        return read;
    }

    private void Check(string path)
    {
        var problem = Width % Heads != 0 || HeadWidth % 2 != 0 ? $"\"hidden_size\" ({Width}) is no even multiple of \"num_attention_heads\" ({Heads})"
            : Heads % KeyHeads != 0 ? $"\"num_attention_heads\" ({Heads}) is no multiple of \"num_key_value_heads\" ({KeyHeads})"
            : 2 * RotarySections.Sum() != HeadWidth || RotarySections.Count != 3
                ? $"\"mrope_section\" ({string.Join(", ", RotarySections)}) must be three numbers that add up to half a head ({HeadWidth / 2})"
            : Vision.OutputWidth != Width ? $"the vision tower gives tokens {Vision.OutputWidth} wide, but \"hidden_size\" is {Width}"
            : null;
        if (problem is not null)
        {
            throw new InvalidConfigException(path, $"{problem}.");
        }
    }
}
