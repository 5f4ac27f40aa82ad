using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Networks.Resampler;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>What an MS-Diffusion adapter's <c>config.json</c> says.</summary>
public sealed record MsDiffusionConfig
{
    public required ResamplerConfig Resampler { get; init; }

    /// <summary>Tokens for cells outside all places.</summary>
    public int Dummies { get; init; } = 4;

    /// <exception cref="InvalidConfigException">A number is missing, malformed, or does not fit another.</exception>
    public static MsDiffusionConfig Parse(string json, string path = "config.json")
    {
        var config = ConfigReader.Parse(json, path);
        config.Require("method", "ms-diffusion");
        return new()
        {
            Resampler = ResamplerConfig.Read(config),
            Dummies = config.Whole("num_dummy_tokens", 4),
        };
    }

    /// <summary>The text of a <c>config.json</c> that <see cref="Parse"/> reads back.</summary>
    public string ToJson() => ConfigWriter.Write([("method", "ms-diffusion"), .. Resampler.Fields(), ("num_dummy_tokens", Dummies)]);
}
