using System.Text.Json.Nodes;
using Dramatis.Checkpoints;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Networks.Resampler;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>What an MS-Diffusion adapter's <c>config.json</c> says.</summary>
internal sealed record MsDiffusionConfig
{
    public required ResamplerConfig Resampler { get; init; }

    /// <summary>Tokens for cells outside all places.</summary>
    public int Dummies { get; init; } = 4;

    /// <summary>Null in the published design, to which tokens alone tell of references.</summary>
    public CollageConfig? Collage { get; init; }

    /// <summary>Whether references are seen by the vision encoder's last layer but one, as in the published design, or by its last.</summary>
    public bool PenultimateFeatures { get; init; } = true;

    /// <exception cref="InvalidConfigException">A number is missing, malformed, or does not fit another.</exception>
    public static MsDiffusionConfig Parse(string json, string path = "config.json") => Read(ConfigReader.Parse(json, path));

    internal static MsDiffusionConfig Read(ConfigReader config)
    {
        config.Require("method", MsDiffusionMethod.Name);
        var resampler = ResamplerConfig.Read(config);
        return new()
        {
            Resampler = resampler,
            Dummies = config.Whole("num_dummy_tokens", 4),
            PenultimateFeatures = config.Bool("penultimate_features", resampler.Locality is null),
            Collage = config.Section("collage") is { } collage ? new(collage.Whole("latents"), collage.Whole("width"), collage.Whole("output")) : null,
        };
    }

    /// <summary>Reads the sizes off the weights of an official <c>ms_adapter.bin</c>, which has no settings beside it.</summary>
    /// <param name="headWidth">Of the resampler; the file cannot say. 64 in the published one.</param>
    /// <exception cref="InvalidCheckpointException">A tensor that gives a size is missing or has another rank.</exception>
    public static MsDiffusionConfig Of(TensorArchive weights, int headWidth = 64)
    {
        const int frequencies = 8;
        return new()
        {
            Resampler = new()
            {
                Width = Size("image_proj.grounding_latents", 2, 3),
                Queries = Size("image_proj.grounding_latents", 1, 3),
                Depth = weights.CountLayers(layer => $"image_proj.layers.{layer}.0.to_q.weight"),
                Heads = PerceiverConfig.HeadsOf(Size("image_proj.layers.0.0.to_q.weight", 0, 2), headWidth, weights.Path),
                HeadWidth = headWidth,
                FeatureWidth = Size("image_proj.proj_in.weight", 1, 2),
                PhraseWidth = Size("image_proj.latent_proj.0.weight", 1, 2) - (8 * frequencies),
                OutputWidth = Size("image_proj.proj_out.weight", 0, 2),
                FeedForwardFactor = Size("image_proj.layers.0.1.1.weight", 0, 2) / Size("image_proj.layers.0.1.1.weight", 1, 2),
                Frequencies = frequencies,
            },
            Dummies = Size("dummy_image_tokens", 1, 3),
        };

        int Size(string name, int dimension, int rank) => weights.SideOf(name, dimension, rank, "MS-Diffusion adapter");
    }

    /// <summary>The text of a <c>config.json</c> that <see cref="Parse"/> reads back.</summary>
    public string ToJson() => ConfigWriter.Write([("method", MsDiffusionMethod.Name), .. Resampler.Fields(), ("num_dummy_tokens", Dummies),
        ("penultimate_features", PenultimateFeatures), .. CollageFields()]);

    // Not said of a design without.
    private IEnumerable<(string, JsonNode?)> CollageFields() => Collage is null ? []
        : [("collage", new JsonObject { ["latents"] = Collage.Latents, ["width"] = Collage.Width, ["output"] = Collage.Output })];
}
