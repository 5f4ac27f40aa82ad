using System.Text.Json.Nodes;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tests.Verification;
using Dramatis.Weights;

namespace Dramatis.Tests.Pipelines;

/// <summary>Settings of a model that change its pictures, or that nobody here knows.</summary>
public sealed class ModelSettingsTests : IDisposable
{
    private static readonly GenerationRequest Request = new() { Prompt = "a dog", Size = new(64, 64), Steps = 2, Seed = 3, Guidance = 5 };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_field_that_nobody_knows_is_told_and_one_that_is_harmless_is_not()
    {
        var path = Path.Combine("unet", "config.json");
        Copy("sd15");
        Change(path, json => json["upcast_attention"] = true);
        Change(path, json => json["new_switch"] = true);
        var told = new List<(string Field, string Text)>();

        using var painter = new Painter(BaseModel.Load(folder));
        painter.Prepare(Request, (field, text) => told.Add((field, text)));

        Assert.Equal(
            [("model", $"\"new_switch\" in {Path.Combine(folder, path)} is not read: if it changes pictures, these are without it.")], told);
    }

    [Theory]
    [InlineData("model_index.json")]
    [InlineData("generation_config.json")]
    [InlineData("scheduler/scheduler_config.json")]
    [InlineData("tokenizer/tokenizer_config.json")]
    [InlineData("tokenizer/special_tokens_map.json")]
    [InlineData("text_encoder/config.json")]
    [InlineData("vae/config.json")]
    [InlineData("feature_extractor/preprocessor_config.json")]
    [InlineData("image_encoder/config.json")]
    [InlineData("adapters/ip-adapter/image_encoder/config.json")]
    [InlineData("adapters/easyref/multimodal_llm/config.json")]
    public void Every_file_of_settings_is_looked_through(string name)
    {
        Copy("sd15");
        Change(name, json => json["new_switch"] = true);

        Assert.Equal([(Path.Combine(folder, name), "new_switch")], ModelSettings.Unknown(ModelFolder.Open(folder)));
    }

    [Theory]
    [InlineData("StableDiffusionXLImg2ImgPipeline", false)]
    [InlineData("StableDiffusionInpaintPipelineLegacy", false)]
    [InlineData("LatentConsistencyModelPipeline", false)]
    [InlineData("StableDiffusionPAGPipeline", true)]
    [InlineData("StableDiffusionInstructPix2PixPipeline", true)]
    public void A_pipeline_of_another_kind_with_the_same_parts_is_told(string name, bool isTold)
    {
        Copy("sd15");
        Change("model_index.json", json => json["_class_name"] = name);

        Assert.Equal(isTold ? [(Path.Combine(folder, "model_index.json"), "_class_name")] : [], ModelSettings.Unknown(ModelFolder.Open(folder)));
    }

    [Fact]
    public void So_are_those_of_a_ControlNet()
    {
        Copy("sd15");
        Copy("controlnet-sd15", "controlnet");
        Change("controlnet/config.json", json => json["new_switch"] = true);
        var control = new Control
        {
            Model = Path.Combine(folder, "controlnet"),
            Picture = Reference.FromBytes(PictureWriter.EncodePng(new Picture(64, 64))),
        };
        var told = new List<(string Field, string Text)>();

        using var painter = new Painter(BaseModel.Load(folder));
        painter.Paint(
            Request with { Controls = [control] }, new() { Notice = (field, text) => told.Add((field, text)) }, TestContext.Current.CancellationToken);

        var notice = Assert.Single(told);
        Assert.Equal("controls[0].model", notice.Field);
        Assert.StartsWith("\"new_switch\" in ", notice.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "image_mean": [0.5, 0.5, 0.5], "resample": 2, "size": 336 }""", "image_mean resample")]
    [InlineData("""{ "image_mean": [0.48145466, 0.4578275, 0.40821073], "do_resize": true, "crop_size": { "height": 224 } }""", "")]
    public void How_references_would_be_prepared_otherwise_is_told(string preprocessor, string told)
    {
        Copy("sd15");
        Directory.CreateDirectory(Path.Combine(folder, "feature_extractor"));
        File.WriteAllText(Path.Combine(folder, "feature_extractor", "preprocessor_config.json"), preprocessor);

        Assert.Equal(told, string.Join(' ', ModelSettings.Unknown(ModelFolder.Open(folder)).Select(item => item.Field)));
    }

    [Theory]
    [InlineData("tokenizer/tokenizer_config.json", "bos_token", "<s>")]
    [InlineData("tokenizer/tokenizer_config.json", "padding_side", "left")]
    [InlineData("model_index.json", "is_cosxl_edit", true)]
    public void What_would_change_pictures_and_is_not_there_is_refused_by_name(string name, string field, object value)
    {
        Copy("sd15");
        Change(name, json => json[field] = JsonValue.Create(value));

        var error = Assert.Throws<InvalidConfigException>(() => BaseModel.Load(folder));

        Assert.StartsWith($"{Path.Combine(folder, name)}: \"{field}\" is ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FluxPipeline", "transformer", "FluxTransformer2DModel")]
    [InlineData("KandinskyV22PriorPipeline", "prior", "PriorTransformer")]
    public void A_model_without_a_UNet_is_refused_by_what_it_is(string pipeline, string part, string network)
    {
        File.WriteAllText(
            Path.Combine(folder, ModelFolder.IndexName),
            $$"""{ "_class_name": "{{pipeline}}", "{{part}}": ["diffusers", "{{network}}"], "vae": ["diffusers", "AutoencoderKL"], "image_encoder": [null, null] }""");

        var error = Assert.Throws<InvalidConfigException>(() => ModelFolder.Open(folder));

        Assert.Contains($"this is a model of another kind, {pipeline}, made of {part}, vae, which is not supported.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_no_text_is_zeros_is_the_model_s_to_say()
    {
        Copy("sdxl");
        var zeros = Paint();
        Change("model_index.json", json => json["force_zeros_for_empty_prompt"] = false);
        var empty = Paint();

        Assert.NotEqual(zeros, empty);
    }

    private byte[] Paint()
    {
        using var painter = new Painter(BaseModel.Load(folder));
        return painter.Paint(Request, cancellationToken: TestContext.Current.CancellationToken).Rgba;
    }

    private void Copy(string name, string into = "")
    {
        Assert.SkipWhen(GoldenData.Root is null, "no golden data");
        var source = Path.Combine(GoldenData.Root!, "pipelines", "models", name);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, into, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));    // not its read-only mode
        }
    }

    private void Change(string name, Action<JsonObject> change)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var json = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : [];
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }
}
