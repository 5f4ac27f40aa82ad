using System.Globalization;
using System.Text.Json.Nodes;
using Dramatis.Configs;
using Dramatis.Methods.EasyRef;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Tokenizers;
using Dramatis.Toybox;
using Dramatis.Toybox.Grounds;
using Dramatis.Weights;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>A Qwen2-VL of two million weights, and its tokenizer: as the published one in all but size, so that EasyRef reads it as that.</summary>
internal sealed class SmallQwen
{
    /// <summary>Pixels along one side of a picture: 4 x 4 tokens.</summary>
    public const int Side = 4 * 28;

    /// <summary>What it is asked of a picture.</summary>
    public const string Question = "What is this?";

    private const int Merges = 1000;

    // What each conversation has is to be few tokens.
    private const int OftenSaid = 1000;
    private const int MostPositions = 2048;

    private SmallQwen(Qwen2VlConfig config, BpeVocabulary vocabulary, IReadOnlyDictionary<string, int> special)
    {
        (Config, Vocabulary, Special) = (config, vocabulary, special);
        Tokenizer = new(vocabulary, special);
        Chat = QwenChat.Make(Tokenizer, "the small tokenizer");
    }

    public Qwen2VlConfig Config { get; }

    public QwenTokenizer Tokenizer { get; }

    public QwenChat Chat { get; }

    /// <summary>Ends an answer.</summary>
    public int EndId => Special["<|im_end|>"];

    private BpeVocabulary Vocabulary { get; }

    private IReadOnlyDictionary<string, int> Special { get; }

    /// <summary>With tokens for what is said of the subjects of a bank.</summary>
    public static SmallQwen For(SubjectBank bank)
    {
        IEnumerable<string> texts =
        [
            .. Enumerable.Repeat((string[])[QwenChat.Sample, Question, EasyRefConfig.Instruction], OftenSaid).SelectMany(said => said),
            .. bank.Subjects.SelectMany(subject => NameForms.All.Select(form => $" {form(subject.Name)},")),
            .. GroundKinds.Lit.SelectMany(kind => Enumerable.Repeat($" and two {kind.Words}", OftenSaid)),
        ];
        var merges = BpeLearner.Learn(texts.SelectMany(QwenWords.Of).Select(ByteCharacters.Spell), Merges);
        var vocabulary = BpeVocabulary.ByteLevel(merges);
        var special = QwenChat.Tokens.Index().ToDictionary(token => token.Item, token => vocabulary.Ids.Count + token.Index);
        return new(
            new()
            {
                Vision = new() { Width = 96, Layers = 4, Heads = 4, InnerWidth = 384, OutputWidth = 192 },
                Width = 192,
                Layers = 4,
                Heads = 4,
                KeyHeads = 2,
                InnerWidth = 384,
                Vocabulary = vocabulary.Ids.Count + special.Count,
                MostPositions = MostPositions,
                RotarySections = [8, 8, 8],
            },
            vocabulary,
            special);
    }

    /// <summary>Writes a folder of the layout of transformers into a model's.</summary>
    public void Write(ModelWriter writer, Module network)
    {
        writer.Network(ModelNetwork.LanguageModel, ConfigText(), network);
        var part = ModelNetwork.LanguageModel.Name();
        writer.Text(part, "vocab.json", Vocabulary.VocabularyText());
        writer.Text(part, "merges.txt", Vocabulary.MergesText());
        writer.Text(part, "tokenizer_config.json", ConfigWriter.Write(
            ("added_tokens_decoder", new JsonObject([.. Special.Select(token => KeyValuePair.Create(
                token.Value.ToString(CultureInfo.InvariantCulture), (JsonNode?)new JsonObject { ["content"] = token.Key, ["special"] = true }))])),
            ("model_max_length", MostPositions),
            ("pad_token", "<|endoftext|>"),
            ("padding_side", "left"),
            ("tokenizer_class", "Qwen2Tokenizer")));
    }

    private string ConfigText() => ConfigWriter.Write(
        ("model_type", "qwen2_vl"),
        ("hidden_act", "silu"),
        ("hidden_size", Config.Width),
        ("intermediate_size", Config.InnerWidth),
        ("max_position_embeddings", Config.MostPositions),
        ("num_attention_heads", Config.Heads),
        ("num_hidden_layers", Config.Layers),
        ("num_key_value_heads", Config.KeyHeads),
        ("rms_norm_eps", Config.NormEpsilon),
        ("rope_theta", Config.RotaryBase),
        ("rope_scaling", new JsonObject { ["type"] = "mrope", ["mrope_section"] = ConfigWriter.List(Config.RotarySections) }),
        ("vocab_size", Config.Vocabulary),
        ("vision_config", new JsonObject
        {
            ["depth"] = Config.Vision.Layers,
            ["embed_dim"] = Config.Vision.Width,
            ["hidden_act"] = "quick_gelu",
            ["hidden_size"] = Config.Vision.OutputWidth,
            ["in_chans"] = Config.Vision.Channels,
            ["mlp_ratio"] = Config.Vision.InnerWidth / Config.Vision.Width,
            ["num_heads"] = Config.Vision.Heads,
            ["patch_size"] = Config.Vision.Patch,
            ["spatial_merge_size"] = Config.Vision.Merge,
            ["temporal_patch_size"] = Config.Vision.Frames,
        }));
}
