using Dramatis.Networks.Qwen2Vl;
using Dramatis.Tensors;
using Dramatis.Tests.Networks.Qwen2Vl;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Tensors;

public sealed class EightBitLayersTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_row_is_off_by_less_than_half_a_part_of_its_largest_number()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var layer = Layers.Linear(50, 20);
        var before = layer.weight.clone();

        layer.Compress(layer.weight);

        var after = layer.forward(eye(50)) - layer.bias!;
        Assert.Equal(ScalarType.Int8, layer.weight.dtype);
        Assert.True(((after.t() - before).abs() <= (before.abs().amax([1], keepdim: true) / 254) + 1e-7).all().item<bool>());
        Assert.NotEqual(0, (after.t() - before).abs().max().item<float>());
    }

    [Fact]
    public void A_row_of_zeros_stays_one()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var layer = Layers.Linear(4, 2, hasBias: false);

        layer.Compress(zeros(2, 4));

        Assert.Equal(0, layer.forward(ones(1, 4)).abs().max().item<float>());
    }

    [Fact]
    public void A_file_is_read_into_eight_bits_and_gives_nearly_what_it_gave()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        TinyQwen.Write(folder);
        using var whole = Qwen2VlFiles.Load(ModelPart.Open(folder));
        using var eight = Qwen2VlFiles.Load(ModelPart.Open(folder, new() { Storage = WeightStorage.EightBit }));
        using var later = Qwen2VlFiles.Load(ModelPart.Open(folder));
        EightBitLayers.Compress(later);
        var x = randn(1, 7, 24);

        var (expected, actual) = (Read(whole), Read(eight));

        Assert.InRange(((actual - expected).square().mean().sqrt() / expected.std()).item<float>(), 1e-6, .05);
        Assert.Equal(0, (actual - Read(later)).abs().max().item<float>());
        Assert.All(EightBitLayers.Of(eight).Values, layer => Assert.Equal(ScalarType.Int8, layer.weight.dtype));
        Assert.Equal((2 * 4) + 2 + (3 * 7), EightBitLayers.Of(eight).Count);

        Tensor Read(Qwen2VlModel model) => model.Language.Read(x, Rotation.Plain(TinyQwen.Config, 0, 7, CPU), RowMask.Causal(7, 0, CPU, float32));
    }

    [Fact]
    public void Nothing_is_left_alive() => Assert.Equal(0, LeakCheck.After(() =>
    {
        using var off = no_grad();
        using var layer = Layers.Linear(8, 8);
        layer.Compress(layer.weight);
        layer.Compress(ones(8, 8));
        layer.forward(ones(1, 8));
    }));
}
