using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Resampler;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.MsDiffusion;

/// <summary>Adapters beside the embedded model, right and wrong ones.</summary>
public sealed class MsDiffusionFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly BaseModel model;

    public MsDiffusionFileTests()
    {
        ToyboxFolder.LinkTo(folder);
        Directory.CreateDirectory(Adapter);
        model = BaseModel.Load(folder);
    }

    private string Adapter => Path.Combine(folder, "adapters", "ms-diffusion");

    public void Dispose()
    {
        model.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_layout_of_the_official_file_needs_no_settings()
    {
        Write(Fitting);

        using var method = MsDiffusionMethod.Load(model);
        using var session = method.Open(Order(new(.1, .1, .9, .9)));

        Assert.NotNull(session.BranchAt(new(model.UNet.Sites[0], new(0, 1, 1, 0), new(8, 8))));
    }

    [Theory]
    [InlineData(WeightStorage.Widened, ScalarType.Float32)]
    [InlineData(WeightStorage.AsStored, ScalarType.Float16)]
    public void Matrices_are_held_as_asked(WeightStorage storage, ScalarType type)
    {
        using var encoder = model.Folder.LoadImageEncoder();

        using var adapter = MsDiffusionFile.Load(new(Path.Combine(ToyboxFolder.Path, "adapters", "ms-diffusion")), model, encoder.Config,
            new() { Storage = storage });

        Assert.Equal(type, adapter.state_dict()["ms_adapter.1.to_k_ip.weight"].dtype);
    }

    [Fact]
    public void An_adapter_of_another_base_names_both()
    {
        Write(Fitting with { OutputWidth = 2048 });

        var error = Assert.Throws<InvalidCheckpointException>(() => MsDiffusionMethod.Load(model));

        Assert.Contains("is an adapter for SDXL, but the model is a base model whose text is 192 wide", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_for_another_encoder_says_which_fits()
    {
        Write(Fitting with { FeatureWidth = 1664 });

        var error = Assert.Throws<InvalidCheckpointException>(() => MsDiffusionMethod.Load(model));

        Assert.Contains("width 1664 (ViT-bigG/14, laion2B-39B-b160k), but image_encoder is 192 wide", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_painted_together_are_as_if_painted_alone()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        Write(Fitting);
        using var method = (MsDiffusionMethod)MsDiffusionMethod.Load(model);
        var (first, second) = (Order(new(0, 0, .5, 1)), Order(new(.2, .4, 1, 1)));
        using var both = method.Open([first, second]);
        using var alone = method.Open(second);
        var site = model.UNet.Sites[0];
        var call = new AttentionCall(site, new(0, 1, 1, 0), new(8, 8));
        var query = randn(4, site.Heads, 64, site.Width / site.Heads);

        var together = both.BranchAt(call)!(query);
        var apart = alone.BranchAt(call)!(query[1..].reshape(3, site.Heads, 64, -1)[TensorIndex.Slice(0, null, 2)]);

        Assert.Equal(0, together[..2].abs().max().item<float>());
        Assert.True((together[3] - apart[1]).abs().max().item<float>() < 1e-5f);
        Assert.True(apart[1].abs().max().item<float>() > 0);
    }

    private static ResamplerConfig Fitting { get; } = new()
    {
        Width = 64,
        Depth = 1,
        Heads = 1,
        HeadWidth = 64,
        Queries = 4,
        FeatureWidth = 192,
        PhraseWidth = 192,
        OutputWidth = 192,
    };

    private void Write(ResamplerConfig resampler)
    {
        using var adapter = new MsDiffusionAdapter(new() { Resampler = resampler }, model.UNet.Sites);
        Checkpoint.Save(adapter, Path.Combine(Adapter, "ms_adapter.safetensors"));
    }

    private static MethodOrder Order(Box place) => new()
    {
        Prompt = "a dog",
        Size = new(64, 64),
        HasNegativeRow = true,
        Cast =
        [
            new(
                new() { Phrase = "dog", References = [Reference.FromFile("dog.png")] },
                [Picture.Filled(20, 10, new(200, 100, 50))],
                place,
                2..5),
        ],
    };
}
