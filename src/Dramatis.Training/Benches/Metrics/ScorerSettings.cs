using Dramatis.Configs;
using Dramatis.Networks.Clip;
using Dramatis.Networks.Dino;
using Dramatis.Weights;

namespace Dramatis.Benches.Metrics;

/// <summary>Fields in the settings of a judging network that nobody here knows: what is measured with it elsewhere may be another thing.</summary>
internal static class ScorerSettings
{
    /// <param name="encoder">The folder of a CLIP or a DINO; null, or a file without settings, says nothing.</param>
    /// <param name="notice">Gets a line for each field.</param>
    public static void Tell(string? encoder, Action<string> notice)
    {
        if (encoder is null || !File.Exists(Path.Combine(encoder, ModelPart.ConfigName)))
        {
            return;
        }

        var config = ConfigReader.Load(Path.Combine(encoder, ModelPart.ConfigName));
        foreach (var field in Unknown(config))
        {
            notice($"{config.Path}: \"{field}\" is unknown here and not read; scores may differ from those of other programs.");
        }
    }

    private static IEnumerable<string> Unknown(ConfigReader config)
    {
        var (text, vision) = (config.Section("text_config"), config.Section("vision_config"));
        return text is null && vision is null ? DinoConfig.Known.Unknown(config)
            : (text is null ? [] : ClipTextConfig.Known.Unknown(text)).Concat(vision is null ? [] : ClipVisionConfig.Known.Unknown(vision));
    }
}
