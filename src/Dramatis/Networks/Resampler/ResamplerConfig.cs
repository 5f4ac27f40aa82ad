using System.Text.Json.Nodes;
using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Networks.Resampler;

/// <summary>The numbers of a <see cref="GroundingResampler"/>.</summary>
internal sealed record ResamplerConfig : PerceiverConfig
{
    public required int PhraseWidth { get; init; }

    /// <summary>Frequencies of the Fourier features of a box.</summary>
    public int Frequencies { get; init; } = 8;

    /// <summary>Null in the published design, whose queries stand for no place.</summary>
    public Locality? Locality { get; init; }

    /// <summary>Reads the arguments of the reference implementation by their names, and <c>locality</c> (<c>grid</c>, <c>beta</c>).</summary>
    /// <exception cref="InvalidConfigException">A number is missing, malformed, or does not fit another.</exception>
    public static ResamplerConfig Read(ConfigReader config)
    {
        var queries = config.Whole("num_queries");
        var locality = config.Section("locality") is { } section
            ? new Locality(section.Whole("grid"), section.Number("beta"))
            : null;
        return locality is not null && locality.Tokens != queries
            ? throw new InvalidConfigException(
                config.Path, $"\"num_queries\" is {queries}, but \"locality\" has a grid of {locality.Grid} x {locality.Grid}.")
            : new()
            {
                Width = config.Whole("dim"),
                Depth = config.Whole("depth"),
                Heads = config.Whole("heads"),
                HeadWidth = config.Whole("dim_head"),
                Queries = queries,
                FeatureWidth = config.Whole("embedding_dim"),
                PhraseWidth = config.Whole("phrase_embeddings_dim"),
                OutputWidth = config.Whole("output_dim"),
                FeedForwardFactor = config.Whole("ff_mult", 4),
                Frequencies = config.Whole("fourier_freqs", 8),
                Locality = locality,
            };
    }

    /// <summary>The fields that <see cref="Read"/> reads.</summary>
    internal (string Field, JsonNode? Value)[] Fields() =>
    [
        ("depth", Depth),
        ("dim", Width),
        ("dim_head", HeadWidth),
        ("embedding_dim", FeatureWidth),
        ("ff_mult", FeedForwardFactor),
        ("fourier_freqs", Frequencies),
        ("heads", Heads),
        ("locality", Locality is null ? null : new JsonObject { ["grid"] = Locality.Grid, ["beta"] = Locality.Beta }),
        ("num_queries", Queries),
        ("output_dim", OutputWidth),
        ("phrase_embeddings_dim", PhraseWidth),
    ];
}
