using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Tensors;
using Dramatis.TestKit;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Pipelines;

public sealed class VaeCoderTests : IDisposable
{
    // What a tile does not see of the rest of the picture shows in the norms: the difference of pixels in [-1, 1] on the shipped VAE.
    private const double MeanTolerance = 0.03;
    private const double LargestTolerance = 0.5;

    // Of latents, whose standard deviation is about 1.
    private const double LatentTolerance = 0.1;

    private static readonly VaeConfig Tiny = new() { BlockWidths = [8, 16], NormGroups = 4 };
    private static readonly VaeOptions Tiled = new() { Tiling = true, Tiles = new(Cells: 16, Overlap: 6) };

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly IDisposable off = no_grad();
    private readonly AutoencoderKL vae = ModelFolder.LoadVae(ModelPart.Open(Path.Combine(ToyboxFolder.Path, "vae")));

    public void Dispose()
    {
        vae.Dispose();
        off.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void A_tiled_picture_is_close_to_the_whole_one()
    {
        var pixels = Photograph();
        var latents = vae.ToModel(vae.Encode(pixels).Mean);

        AssertClose(new VaeCoder(vae).Decode(latents), new VaeCoder(vae, Tiled).Decode(latents));
    }

    [Fact]
    public void Tiled_latents_are_close_to_the_whole_ones()
    {
        var pixels = Photograph();

        var difference = vae.ToModel(vae.Encode(pixels).Mean) - vae.ToModel(new VaeCoder(vae, Tiled).Encode(pixels).Mean);

        Assert.InRange(difference.abs().mean().item<float>(), double.Epsilon, LatentTolerance);
    }

    [Fact]
    public void By_default_a_picture_of_usual_size_goes_through_whole_to_the_bit()
    {
        var latents = vae.ToModel(vae.Encode(Photograph()).Mean);

        Assert.True(new VaeCoder(vae).Decode(latents).equal(vae.Decode(vae.FromModel(latents))).all().item<bool>());
    }

    [Slow]
    [Fact]
    public void A_picture_above_the_limit_is_tiled_by_default()
    {
        using var tiny = new AutoencoderKL(Tiny with { MidAttention = false });    // attention of all cells would take hours
        var large = randn(1, 4, 520, 1024);    // 1040 x 2048 pixels
        var tiles = new VaeTiles(Cells: 600, Overlap: 100);

        var chosen = new VaeCoder(tiny, new() { Tiles = tiles }).Decode(large);

        Assert.True(chosen.equal(new VaeCoder(tiny, new() { Tiles = tiles, Tiling = true }).Decode(large)).all().item<bool>());
        Assert.False(chosen.equal(new VaeCoder(tiny, new() { Tiles = tiles, Tiling = false }).Decode(large)).all().item<bool>());
    }

    [Fact]
    public void One_picture_after_another_is_all_at_once()
    {
        var latents = randn(3, vae.Config.LatentChannels, 8, 8);

        var sliced = new VaeCoder(vae, new() { Slicing = true }).Decode(latents);

        Assert.True((sliced - new VaeCoder(vae).Decode(latents)).abs().max().item<float>() < 1e-4f);
    }

    [Fact]
    public void A_VAE_in_half_precision_computes_in_single()
    {
        using var folder = new TemporaryPart(vae);
        using var half = ModelFolder.LoadVae(ModelPart.Open(folder.Path));
        var latents = randn(1, vae.Config.LatentChannels, 8, 8);
        var expected = new VaeCoder(half).Decode(latents);

        half.half();
        var again = new VaeCoder(half).Decode(latents);

        Assert.Equal(ScalarType.Float32, expected.dtype);
        Assert.True(again.equal(expected).all().item<bool>());
        Assert.Equal(ScalarType.Float32, new VaeCoder(half).Decode(latents.to(ScalarType.Float16)).dtype);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Latents_that_are_no_numbers_are_one_error(float value)
    {
        var latents = zeros(1, vae.Config.LatentChannels, 8, 8);
        latents[0, 0, 0, 0] = tensor(value);

        Assert.Equal("the latents", Assert.Throws<NotFiniteException>(() => new VaeCoder(vae).Decode(latents)).What);
    }

    [Fact]
    public void A_VAE_that_overflows_is_one_error()
    {
        using var tiny = new AutoencoderKL(Tiny);
        foreach (var (_, weight) in tiny.named_parameters())
        {
            weight.fill_(1e30);
        }

        Assert.Equal("the decoded picture", Assert.Throws<NotFiniteException>(() => new VaeCoder(tiny).Decode(ones(1, 4, 4, 4))).What);
    }

    private static void AssertClose(Tensor whole, Tensor tiled)
    {
        var difference = (whole - tiled).abs();
        Assert.InRange(difference.mean().item<float>(), double.Epsilon, MeanTolerance);
        Assert.InRange(difference.max().item<float>(), 0, LargestTolerance);
    }

    private static Tensor Photograph()
    {
        var picture = PictureReader.Read(Repository.SubjectPicture("dog")).Over(Rgb.Gray(200)).Resize(new(256, 192));
        return PicturePixels.FromRgb([picture.ToRgb()], picture.Size);
    }

    private sealed class TemporaryPart : IDisposable
    {
        public TemporaryPart(AutoencoderKL vae) => new ModelWriter(Root, TensorType.F16).Network(ModelNetwork.Vae, vae.Config.ToJson(), vae);

        public string Path => System.IO.Path.Combine(Root, ModelNetwork.Vae.Name());

        private string Root { get; } = Directory.CreateTempSubdirectory("dramatis-").FullName;

        public void Dispose() => Directory.Delete(Root, recursive: true);
    }
}
