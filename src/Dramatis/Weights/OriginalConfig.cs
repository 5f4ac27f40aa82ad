using System.Globalization;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Schedules;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dramatis.Weights;

/// <summary>The YAML settings of the original latent diffusion code, which are published beside single files: of the noise and of what is predicted.</summary>
internal sealed class OriginalConfig
{
    private static readonly string[] Endings = [".yaml", ".yml"];

    private readonly string path;
    private readonly YamlMappingNode settings;

    private OriginalConfig(string path, YamlMappingNode settings) => (this.path, this.settings) = (path, settings);

    /// <summary>The settings beside a file, under its name; null where there are none.</summary>
    /// <exception cref="InvalidConfigException">There is such a file, but it is no YAML.</exception>
    public static OriginalConfig? Beside(string file)
    {
        var path = Endings.Select(ending => Path.ChangeExtension(file, ending)).FirstOrDefault(File.Exists);
        return path is not null && Find(Load(path), "model", "params") is { } settings ? new(path, settings) : null;
    }

    /// <summary>A family's noise levels with what the file says of them.</summary>
    /// <exception cref="InvalidConfigException">A value is malformed, or does not exist here.</exception>
    public SchedulerConfig ApplyTo(SchedulerConfig usual) => usual with
    {
        Prediction = PredictionOf() ?? usual.Prediction,
        TrainTimesteps = (int)(Number("timesteps") ?? usual.TrainTimesteps),
        BetaStart = Number("linear_start") ?? usual.BetaStart,
        BetaEnd = Number("linear_end") ?? usual.BetaEnd,
    };

    // SDXL's code says it by the name of a class.
    private Prediction? PredictionOf()
    {
        if (Text(settings, "parameterization") is { } word)
        {
            return PredictionNames.Find(word) ?? throw Unsupported("parameterization", word, string.Join(", ", PredictionNames.All));
        }

        var scaling = Find(settings, "denoiser_config", "params", "scaling_config") ?? Find(settings, "denoiser_config", "params");
        return (Text(scaling, "target") ?? Text(scaling, "scaling"))?.Split('.')[^1] switch
        {
            null => null,
            "EpsScaling" => Prediction.Epsilon,
            "VScaling" => Prediction.Velocity,
            var other => throw Unsupported("scaling_config", other, "EpsScaling or VScaling"),
        };
    }

    private double? Number(string name) => Text(settings, name) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > 0 and < int.MaxValue ? number
        : throw Unsupported(name, text, "a number above 0");

    private InvalidConfigException Unsupported(string field, string value, string supported) =>
        new(path, $"\"{field}\" is \"{value}\"; supported is {supported}.");

    private static YamlMappingNode? Load(string path)
    {
        try
        {
            using var text = new StringReader(ConfigReader.ReadText(path));
            var stream = new YamlStream();
            stream.Load(text);
            return stream.Documents.Count > 0 ? stream.Documents[0].RootNode as YamlMappingNode : null;
        }
        catch (YamlException e)
        {
            throw new InvalidConfigException(
                path, $"is not valid YAML (line {e.Start.Line}, column {e.Start.Column}); download it again, or remove it and give a prediction.", e);
        }
    }

    private static YamlMappingNode? Find(YamlMappingNode? node, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            node = node is not null && node.Children.TryGetValue(new YamlScalarNode(name), out var inner) ? inner as YamlMappingNode : null;
        }

        return node;
    }

    private static string? Text(YamlMappingNode? node, string name) =>
        node is not null && node.Children.TryGetValue(new YamlScalarNode(name), out var value) ? (value as YamlScalarNode)?.Value : null;
}
