using System.Text.RegularExpressions;
using Dramatis.Configs;
using Dramatis.Networks.Clip;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Schedules;
using Dramatis.Tokenizers;

namespace Dramatis.Weights;

/// <summary>Which fields of a model's files of settings nobody here knows: they may change pictures.</summary>
internal static partial class ModelSettings
{
    private const string PipelineField = "_class_name";
    private const string PreprocessorName = "preprocessor_config.json";

    private static readonly (ModelNetwork Network, KnownFields Known)[] Parts =
    [
        (ModelNetwork.UNet, UNetConfig.Known), (ModelNetwork.Vae, VaeConfig.Known), (ModelNetwork.TextEncoder, ClipTextConfig.Known),
        (ModelNetwork.SecondTextEncoder, ClipTextConfig.Known),
    ];

    /// <summary>Of <c>model_index.json</c>: parts, and switches of the reference's pipelines.</summary>
    public static KnownFields Index { get; } = new()
    {
        Read =
        [
            "force_zeros_for_empty_prompt", "requires_aesthetics_score", "image_encoder", "scheduler", "text_encoder", "text_encoder_2", "tokenizer",
            "tokenizer_2", "unet", "vae",
        ],
        Fixed = [new("is_cosxl_edit", "false")],

        // Pictures are neither judged nor marked here; references are prepared as their methods say.
        Harmless = ["safety_checker", "requires_safety_checker", "feature_extractor", "add_watermarker", "watermark"],
    };

    /// <summary>Of the project's own <c>generation_config.json</c>; transformers has a file of that name too.</summary>
    public static KnownFields Generation { get; } = TransformersFields.All.With(new() { Read = ["guidance", "guidance_rescale", "method", "steps"] });

    /// <summary>Of <c>preprocessor_config.json</c>: references are prepared as CLIP's published models want it, whatever it says.</summary>
    public static KnownFields Preprocessor { get; } = new()
    {
        Read = [],
        Fixed =
        [
            new("do_center_crop", "true"), new("do_convert_rgb", "true"), new("do_normalize", "true"), new("do_rescale", "true"), new("do_resize", "true"),
            new("image_mean", "0.48145466", "0.4578275", "0.40821073"), new("image_std", "0.26862954", "0.26130258", "0.27577711"), new("resample", "3"),
            new("rescale_factor", "0.00392156862745098"),
            new("image_processor_type", "CLIPImageProcessor", "CLIPImageProcessorFast", "CLIPFeatureExtractor"),
            new("feature_extractor_type", "CLIPImageProcessor", "CLIPFeatureExtractor"),
        ],

        // The encoder's own settings say the size; the rest is of the program that wrote it.
        Harmless =
        [
            "size", "crop_size", "default_to_square", "use_square_size", "processor_class", "return_tensors", "data_format", "input_data_format", "device",
            "disable_grouping", "do_pad", "pad_size",
        ],
    };

    /// <summary>Fields of all files of a model on no list of what is known, each with its file.</summary>
    public static IReadOnlyList<(string Path, string Field)> Unknown(ModelFolder model) =>
    [
        .. Parts.Where(part => model.Has(part.Network)).SelectMany(part => In(model.Part(part.Network).Config(), part.Known)),
        .. In(model.PathOf(ModelFolder.IndexName), Index),
        .. Pipeline(model.PathOf(ModelFolder.IndexName)),
        .. In(model.PathOf(ModelDefaults.GenerationName), Generation),
        .. In(model.SchedulerPath, SchedulerFields.All),
        .. new[] { ModelNetwork.TextEncoder, ModelNetwork.SecondTextEncoder }.SelectMany(encoder => Tokenizer(model.PathOf(encoder.TokenizerName()))),
        .. Preprocessing(model.PathOf("feature_extractor")),
        .. Encoders(model).SelectMany(folder => In(Path.Combine(folder, ModelPart.ConfigName), ClipVisionConfig.Known).Concat(Preprocessing(folder))),
        .. LanguageModels(model).SelectMany(folder => LanguageModel(Path.Combine(folder, ModelPart.ConfigName))),
    ];

    /// <summary>Of settings that belong to no part of a model, for example a ControlNet's.</summary>
    public static IEnumerable<(string Path, string Field)> In(ConfigReader config, KnownFields known) =>
        known.Unknown(config).Select(field => (config.Path, field));

    private static IEnumerable<(string Path, string Field)> In(string path, KnownFields known) => File.Exists(path) ? In(ConfigReader.Load(path), known) : [];

    // Others of the same parts paint otherwise, for example those that also look away from something.
    private static IEnumerable<(string Path, string Field)> Pipeline(string path) =>
        File.Exists(path) && ConfigReader.Load(path).Text(PipelineField, "StableDiffusionPipeline") is var name && !UsualPipelines().IsMatch(name)
            ? [(path, PipelineField)]
            : [];

    private static IEnumerable<(string Path, string Field)> Tokenizer(string folder) =>
        TokenizerFields.Files.SelectMany(name => In(Path.Combine(folder, name), TokenizerFields.Known));

    // Nothing reads it, so that another value is told and not refused.
    private static IEnumerable<(string Path, string Field)> Preprocessing(string folder) =>
        Path.Combine(folder, PreprocessorName) is var path && File.Exists(path) && ConfigReader.Load(path) is var config
            ? In(config, Preprocessor).Concat(Preprocessor.Differing(config).Select(field => (path, field.Name)))
            : [];

    private static IEnumerable<string> Encoders(ModelFolder model) => Folders(model, ModelNetwork.ImageEncoder);

    private static IEnumerable<string> LanguageModels(ModelFolder model) => Folders(model, ModelNetwork.LanguageModel);

    // The model's own and those of its adapters.
    private static IEnumerable<string> Folders(ModelFolder model, ModelNetwork network) =>
        model.OwnAdapters.Select(name => model.PathOf(ModelFolder.AdaptersName, name, network.Name())).Prepend(model.PathOf(network.Name()));

    private static IEnumerable<(string Path, string Field)> LanguageModel(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var config = ConfigReader.Load(path);
        return In(config, Qwen2VlConfig.Known)
            .Concat(config.Section("text_config") is { } text ? In(text, Qwen2VlConfig.Known) : [])
            .Concat(config.Section("vision_config") is { } vision ? In(vision, VisionTowerConfig.Known) : []);
    }

    [GeneratedRegex("^(Flax|Onnx)?(StableDiffusion(XL)?(ControlNet)?|LatentConsistencyModel)(Img2Img|Inpaint|InpaintLegacy)?Pipeline(Legacy)?$")]
    private static partial Regex UsualPipelines();
}
