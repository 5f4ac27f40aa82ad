using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Methods.IpAdapter;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.IpAdapter;

public sealed class IpAdapterConfigTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Sizes_are_read_off_the_weights()
    {
        using var scope = NewDisposeScope();
        using var unet = TinyAdapter.UNet();
        var faces = new IpAdapterConfig { Source = TokenSource.Features, FeatureWidth = 14, TokenWidth = 12 };
        foreach (var config in new[] { TinyAdapter.Base, TinyAdapter.Plus, faces })
        {
            using var network = new IpAdapterNetwork(config, unet.Sites);
            var read = Read(network.state_dict());

            Assert.Equal(
                (config.Source, config.FeatureWidth, config.TokenWidth, config.Tokens, config.Resampler),
                (read.Source, read.FeatureWidth, read.TokenWidth, read.Tokens, read.Resampler));
        }
    }

    [Fact]
    public void Settings_come_back_as_they_were_written()
    {
        var written = TinyAdapter.Plus with { Fit = ReferenceFit.Pad, Several = SeveralPictures.Average, Strengths = BlockStrengths.Parse("""{"mid": 0.5}""") };
        using var scope = NewDisposeScope();
        using var unet = TinyAdapter.UNet();
        using var network = new IpAdapterNetwork(written, unet.Sites);

        var read = Read(network.state_dict(), written.ToJson());

        Assert.Equal((ReferenceFit.Pad, SeveralPictures.Average), (read.Fit, read.Several));
        Assert.Equal(.5, read.Strengths.Expand(unet.Sites)[unet.Sites[^1]]);
        Assert.Equal(0, read.Strengths.Expand(unet.Sites)[unet.Sites[0]]);
    }

    [Theory]
    [InlineData("""{"method": "ms-diffusion"}""", "method")]
    [InlineData("""{"dim_head": 0}""", "dim_head")]
    [InlineData("""{"dim_head": 8, "reference": "zoom"}""", "crop, squeeze or pad")]
    [InlineData("""{"dim_head": 8, "several": "best"}""", "joined or average")]
    public void A_wrong_setting_is_named(string json, string named)
    {
        using var scope = NewDisposeScope();
        using var unet = TinyAdapter.UNet();
        using var network = new IpAdapterNetwork(TinyAdapter.Plus, unet.Sites);

        var error = Assert.Throws<InvalidConfigException>(() => Read(network.state_dict(), json));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image_proj.perceiver_resampler.proj_in.weight")]
    [InlineData("ip_adapter.0.to_q_lora.down.weight")]
    public void Adapters_that_need_a_face_recognition_model_are_refused_with_the_reason(string name)
    {
        var error = Assert.Throws<InvalidCheckpointException>(() => Read(new() { [name] = ones(2, 2) }));

        Assert.Contains("FaceID", error.Message, StringComparison.Ordinal);
        Assert.Contains("face recognition", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_adapter_or_half_of_one_is_refused()
    {
        var other = Assert.Throws<InvalidCheckpointException>(() => Read(new() { ["conv_in.weight"] = ones(2, 2) }));
        var half = Assert.Throws<InvalidCheckpointException>(() => Read(new() { ["image_proj.proj.weight"] = ones(8, 2) }));

        Assert.Contains("no IP-Adapter", other.Message, StringComparison.Ordinal);
        Assert.Contains("image_proj.norm.weight", half.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_of_another_base_model_is_refused_and_both_are_named()
    {
        using var scope = NewDisposeScope();
        using var unet = TinyAdapter.UNet(textWidth: 24);
        using var network = new IpAdapterNetwork(TinyAdapter.Base, unet.Sites);
        using var weights = TensorArchive.Open(Save(network.state_dict()));

        var error = Assert.Throws<InvalidCheckpointException>(() => IpAdapterMethod.LoadNetwork(weights, null, unet));

        Assert.Contains("12 wide", error.Message, StringComparison.Ordinal);
        Assert.Contains("24", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_layer_is_named()
    {
        using var scope = NewDisposeScope();
        using var unet = TinyAdapter.UNet();
        using var network = new IpAdapterNetwork(TinyAdapter.Base, unet.Sites);
        var tensors = network.state_dict();
        tensors.Remove("ip_adapter.3.to_v_ip.weight");
        using var weights = TensorArchive.Open(Save(tensors));

        var error = Assert.Throws<WeightMismatchException>(() => IpAdapterMethod.LoadNetwork(weights, null, unet));

        Assert.Equal(["ip_adapter.3.to_v_ip.weight"], error.Missing);
    }

    private IpAdapterConfig Read(Dictionary<string, Tensor> tensors, string json = """{"dim_head": 8}""")
    {
        using var weights = TensorArchive.Open(Save(tensors));
        return IpAdapterConfig.Read(weights, TinyAdapter.Settings(json));
    }

    private string Save(Dictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.safetensors");
        Checkpoint.Save(tensors, path);
        return path;
    }
}
