using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Schedules;
using Dramatis.Tests.Verification;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Weights;

/// <summary>Models in one file, tiny ones in the published layouts.</summary>
public sealed class SingleFileTests : IDisposable
{
    private const string Sd15 = "sd15.ckpt";
    private const string Sdxl = "sdxl.safetensors";

    private static readonly ModelNetwork[] Networks =
        [ModelNetwork.UNet, ModelNetwork.Vae, ModelNetwork.TextEncoder, ModelNetwork.SecondTextEncoder];

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    private string Changed => Path.Combine(folder, "model.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(Sd15, "sd15")]
    [InlineData(Sdxl, "sdxl")]
    public void A_file_holds_the_weights_of_the_folder_it_was_made_of(string name, string source)
    {
        using var scope = NewDisposeScope();
        var file = Open(name, source);
        var original = ModelFolder.Open(Golden(source));

        foreach (var network in Networks.Where(original.Has))
        {
            using var expected = Load(original, network);
            using var ours = Load(file, network);

            var weights = ours.state_dict();
            Assert.All(expected.state_dict(), item => Assert.True(
                item.Value.to(ScalarType.Float16).to(ScalarType.Float32).equal(weights[item.Key]).all().item<bool>(), item.Key));
        }
    }

    [Fact]
    public void A_tensor_that_is_missing_is_named_as_the_network_s()
    {
        using var scope = NewDisposeScope();
        Rewrite(Sdxl, tensors => tensors.Remove("model.diffusion_model.time_embed.0.bias"));

        var error = Assert.Throws<WeightMismatchException>(() => ModelFolder.Open(Changed, Configs("sdxl")).LoadUNet());

        Assert.Equal(["time_embedding.linear_1.bias"], error.Missing);
        Assert.StartsWith(Changed, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_is_left_over_in_a_part_is_named_as_in_the_file()
    {
        using var scope = NewDisposeScope();
        Rewrite(Sdxl, tensors => tensors.Add("first_stage_model.decoder.extra.weight", ones(1)));

        var error = Assert.Throws<WeightMismatchException>(() => ModelFolder.Open(Changed, Configs("sdxl")).LoadVae());

        Assert.Equal(["first_stage_model.decoder.extra.weight"], error.Unexpected);
    }

    [Fact]
    public void A_tensor_that_belongs_to_no_part_is_an_error_and_a_left_over_of_training_is_none()
    {
        using var scope = NewDisposeScope();
        Rewrite(Sdxl, tensors =>
        {
            tensors.Add("betas", ones(3));
            tensors.Add("model_ema.diffusion_modelinput_blocks00weight", ones(1));
        });
        ModelFolder.Open(Changed);
        Rewrite(Sdxl, tensors => tensors.Add("hypernetwork.weight", ones(1)));

        var error = Assert.Throws<WeightMismatchException>(() => ModelFolder.Open(Changed));

        Assert.Equal(["hypernetwork.weight"], error.Unexpected);
    }

    [Fact]
    public void A_misshapen_tensor_is_named_with_both_shapes_before_memory_is_taken()
    {
        using var scope = NewDisposeScope();

        var error = Assert.Throws<WeightMismatchException>(() => Open(Sd15, configs: null).LoadUNet());

        Assert.Contains("state_dict.model.diffusion_model.input_blocks.0.0.weight [8, 4, 3, 3] for [320, 4, 3, 3]", error.Misshapen);
    }

    [Theory]
    [InlineData(ModelNetwork.TextEncoder, "conditioner.embedders.0.transformer.")]
    [InlineData(ModelNetwork.Vae, "first_stage_model.")]
    public void A_pruned_file_says_which_part_it_lacks(Enum network, string prefix)
    {
        using var scope = NewDisposeScope();
        Rewrite(Sdxl, tensors => tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList().ForEach(name => tensors.Remove(name)));

        var error = Assert.Throws<ModelNotFoundException>(() => ModelFolder.Open(Changed, Configs("sdxl")).Part((ModelNetwork)network));

        Assert.Contains($"holds no {((ModelNetwork)network).Name()}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_named_for_what_it_is()
    {
        using var scope = NewDisposeScope();
        Checkpoint.Save(new Dictionary<string, Tensor> { ["image_proj.latents"] = ones(1), ["ip_adapter.1.to_k_ip.weight"] = ones(1, 768) }, Changed);

        var error = Assert.Throws<InvalidCheckpointException>(() => ModelFolder.Open(Changed));

        Assert.Contains("IP-Adapter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_tell_the_family_and_a_shape_the_channels_of_the_input()
    {
        Assert.Equal("sd15", Layout(("cond_stage_model.transformer.a", 1)).Family.Name);
        Assert.Equal("sd21", Layout(("cond_stage_model.model.a", 1)).Family.Name);
        Assert.Equal("sdxl", Layout(("conditioner.embedders.1.model.a", 1)).Family.Name);
        Assert.Equal(9, Layout(channels: 9).Family.UNet.InChannels);
        Assert.Equal("state_dict.", Layout(("state_dict.a", 1), root: "state_dict.").Root);
    }

    [Fact]
    public void What_a_network_predicts_is_told_by_its_family_or_by_marks()
    {
        Assert.Equal(Prediction.Epsilon, Layout().Family.Scheduler.Prediction);
        Assert.Equal(Prediction.Velocity, Layout(("cond_stage_model.model.a", 1)).Family.Scheduler.Prediction);
        Assert.Equal(Prediction.Velocity, Layout(("v_pred", 1)).Family.Scheduler.Prediction);
        Assert.True(Layout(("ztsnr", 1)).Family.Scheduler.ZeroTerminalSnr);

        var small = Layout(("cond_stage_model.model.a", 1), prediction: "epsilon").Family;

        Assert.Equal((Prediction.Epsilon, 64), (small.Scheduler.Prediction, small.UNet.SampleSize));
    }

    [Theory]
    [InlineData("modelspec.prediction_type", "v", "Velocity")]
    [InlineData("modelspec.prediction_type", "v_prediction", "Velocity")]
    [InlineData("modelspec.prediction_type", "V-Prediction", "Velocity")]
    [InlineData("modelspec.prediction_type", "velocity", "Velocity")]
    [InlineData("modelspec.prediction_type", "epsilon", "Epsilon")]
    [InlineData("modelspec.prediction_type", "sample", "Sample")]
    [InlineData("prediction_type", "vpred", "Velocity")]
    [InlineData("parameterization", "v", "Velocity")]
    [InlineData("ss_v_parameterization", "True", "Velocity")]
    [InlineData("ss_v_parameterization", "1", "Velocity")]
    [InlineData("ss_v_parameterization", "False", "Epsilon")]
    [InlineData("ss_zero_terminal_snr", "True", "Epsilon")]
    public void Metadata_of_every_spelling_say_what_a_network_predicts(string name, string value, string expected)
    {
        var scheduler = Layout(metadata: new() { [name] = value }).Family.Scheduler;

        Assert.Equal(expected, scheduler.Prediction.ToString());
        Assert.Equal(name == "ss_zero_terminal_snr", scheduler.ZeroTerminalSnr);
    }

    [Fact]
    public void A_prediction_that_does_not_exist_here_is_refused_by_name()
    {
        var error = Assert.Throws<InvalidCheckpointException>(() => Layout(metadata: new() { ["modelspec.prediction_type"] = "flow" }));

        Assert.Contains("\"modelspec.prediction_type\" is \"flow\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".yaml", "model:\n  target: ldm.models.diffusion.ddpm.LatentDiffusion\n  params:\n    parameterization: \"v\"\n", "Velocity")]
    [InlineData(".yml", "model: {params: {parameterization: v}}", "Velocity")]
    [InlineData(".yaml", "model:\n  params:\n    parameterization: eps # the usual\n", "Epsilon")]
    [InlineData(".yaml", "model: {params: {denoiser_config: {params: {scaling_config: {target: sgm.modules.denoiser_scaling.VScaling}}}}}", "Velocity")]
    [InlineData(".yaml", "other: {parameterization: v}", "Epsilon")]
    [InlineData(".yaml", "", "Epsilon")]
    public void Settings_of_the_original_code_beside_the_file_say_it_too(string ending, string yaml, string expected)
    {
        File.WriteAllText(Path.ChangeExtension(Changed, ending), yaml);

        Assert.Equal(expected, Layout().Family.Scheduler.Prediction.ToString());
        Assert.Equal(Prediction.Epsilon, Layout(metadata: new() { ["modelspec.prediction_type"] = "epsilon" }).Family.Scheduler.Prediction);
    }

    [Fact]
    public void They_say_the_noise_levels_too_and_are_refused_where_they_are_wrong()
    {
        var path = Path.ChangeExtension(Changed, ".yaml");
        File.WriteAllText(path, "model: {params: {linear_start: 0.001, linear_end: 0.02, timesteps: 500}}");
        var scheduler = Layout().Family.Scheduler;

        Assert.Equal((.001, .02, 500), (scheduler.BetaStart, scheduler.BetaEnd, scheduler.TrainTimesteps));

        File.WriteAllText(path, "model: {params: {parameterization: x9}}");
        Assert.Contains("\"parameterization\" is \"x9\"", Assert.Throws<InvalidConfigException>(() => Layout()).Message, StringComparison.Ordinal);
        File.WriteAllText(path, "model: [");
        Assert.Contains("is not valid YAML", Assert.Throws<InvalidConfigException>(() => Layout()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_folder_of_settings_those_of_the_family_count()
    {
        var model = Open(Sdxl, configs: null);

        Assert.Equal(SamplerKind.Euler, model.ReadScheduler().Sampler);
        Assert.Equal(49407, model.LoadTokenizer().Encode("cat")[^1]);
        Assert.Equal(0, model.LoadTokenizer(ModelNetwork.SecondTextEncoder).Encode("cat")[^1]);
        Assert.True(model.Has(ModelNetwork.SecondTextEncoder));
        Assert.False(model.Has(ModelNetwork.ImageEncoder));
        Assert.Empty(model.Adapters);
    }

    private static Module Load(ModelFolder model, ModelNetwork network) => network switch
    {
        ModelNetwork.UNet => model.LoadUNet(),
        ModelNetwork.Vae => model.LoadVae(),
        _ => model.LoadTextEncoder(network),
    };

    private static ModelLoading Configs(string source) => new() { Configs = Golden(source) };

    private static ModelFolder Open(string name, string? configs) =>
        ModelFolder.Open(Golden(Path.Combine("single-file", name)), configs is null ? null : Configs(configs));

    private static string Golden(string name)
    {
        Assert.SkipWhen(GoldenData.Root is null, "no golden data");
        return Path.Combine(GoldenData.Root!, "pipelines", "models", name);
    }

    private void Rewrite(string name, Action<Dictionary<string, Tensor>> change)
    {
        using var archive = TensorArchive.Open(Golden(Path.Combine("single-file", name)));
        var tensors = archive.Tensors.Keys.ToDictionary(key => key, key => archive.ToTensor(key));
        change(tensors);
        Checkpoint.Save(tensors, Changed);
    }

    private SingleFileLayout Layout(
        (string Name, int Size)? more = null, int channels = 4, string root = "", string? prediction = null, Dictionary<string, string>? metadata = null)
    {
        List<TensorSource> tensors = [Source($"{root}model.diffusion_model.input_blocks.0.0.weight", 2, channels, 3, 3)];
        if (more is { } other)
        {
            tensors.Add(Source(other.Name, other.Size));
        }

        SafetensorsWriter.Write(Changed, tensors, prediction is null ? metadata : new() { ["modelspec.prediction_type"] = prediction });
        using var archive = TensorArchive.Open(Changed);
        return SingleFileLayout.Of(archive)!;
    }

    private static TensorSource Source(string name, params long[] shape) =>
        new(name, TensorType.U8, shape, () => new byte[shape.Aggregate(1L, (product, size) => product * size)]);
}
