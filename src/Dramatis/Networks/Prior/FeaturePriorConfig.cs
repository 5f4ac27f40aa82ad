using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Networks.Prior;

/// <summary>The numbers of a <see cref="FeaturePrior"/>.</summary>
internal sealed record FeaturePriorConfig
{
    private const string ClassName = "FeaturePrior";

    /// <summary>Of the text encoder's states.</summary>
    public required int TextWidth { get; init; }

    /// <summary>Of the image features.</summary>
    public required int FeatureWidth { get; init; }

    /// <summary>Features of one picture, the class token among them.</summary>
    public required int Tokens { get; init; }

    /// <summary>Of what a word says about one cell of the picture.</summary>
    public int CellWidth { get; init; } = 64;

    /// <summary>Of both feed-forward parts, in multiples of what they read.</summary>
    public int FeedForwardFactor { get; init; } = 4;

    /// <summary>Whether the features are those of the vision encoder's last layer but one, or of its last.</summary>
    public bool PenultimateFeatures { get; init; } = true;

    /// <summary>Which of the text encoder's states is read.</summary>
    public PhraseState Reads { get; init; }

    /// <exception cref="InvalidConfigException">A number is missing or malformed, or the settings are of another kind of prior.</exception>
    public static FeaturePriorConfig Parse(string json, string path = "config.json")
    {
        var config = ConfigReader.Parse(json, path);
        config.Require("_class_name", ClassName);
        config.RequireKnown("_class_name", "cell_width", "feature_width", "ff_mult", "penultimate_features", "reads", "text_width", "tokens");
        return new()
        {
            TextWidth = config.Whole("text_width"),
            FeatureWidth = config.Whole("feature_width"),
            Tokens = config.Whole("tokens", least: 2),
            CellWidth = config.Whole("cell_width", 64),
            FeedForwardFactor = config.Whole("ff_mult", 4),
            PenultimateFeatures = config.Bool("penultimate_features", true),
            Reads = config.Choice("reads", PhraseState.Pooled),
        };
    }

    /// <summary>The text of a <c>config.json</c> that <see cref="Parse"/> reads back.</summary>
    public string ToJson() => ConfigWriter.Write(
        ("_class_name", ClassName),
        ("cell_width", CellWidth),
        ("feature_width", FeatureWidth),
        ("ff_mult", FeedForwardFactor),
        ("penultimate_features", PenultimateFeatures),
        ("reads", Reads.ToString().ToLowerInvariant()),
        ("text_width", TextWidth),
        ("tokens", Tokens));
}
